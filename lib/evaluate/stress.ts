import { PERTURBATIONS } from "./perturbations.ts";

/** What one change of the pictures does to their labels. */
export interface Stressed {
  change: string;
  /** Share of the pictures whose label is another. */
  flips: number;
  /** Share of the pictures on which the program votes otherwise, abstaining included. */
  programs: { id: string; flips: number }[];
  /** Share of the pictures whose label is another when only this concept is seen in the changed picture; none where programs see pixels. */
  concepts: { name: string; flips: number }[];
  /** The same when only the end model sees the changed picture, where there is one. */
  endModel?: number;
}

export interface StressReport {
  pictures: number;
  changes: Stressed[];
  /** Cues that labels seem to hang on though they should not. */
  warnings: string[];
}

/** What is made of pictures, a row each. */
interface Seen {
  /** What an end model sees. */
  embeddings: Float32Array[];
  /** What programs see, as numbers. */
  rows: ArrayLike<number>[];
}

/** How a run comes to see pictures. */
export interface Sight {
  /** @param pictures as the model decoded them */
  see(pictures: readonly Uint8Array[]): Promise<Seen>;
  /** Rows of what programs see as a block of columns. */
  columns(rows: readonly ArrayLike<number>[]): Uint8Array;
  /** Numbers of a row that belong together, in order. */
  concepts: readonly { name: string; descriptions: readonly string[] }[];
}

/** Votes and labels of pictures, as the run gives them. */
export interface Labeler {
  programs: readonly string[];
  hasEndModel: boolean;
  /**
   * @param columns what programs see
   * @param embeddings [rows], which the end model sees
   * @returns [programs] of [rows]; [rows], a class or ABSTAIN
   */
  label(
    columns: Uint8Array,
    embeddings: readonly Float32Array[],
  ): Promise<{ votes: Int8Array[]; labels: Int8Array }>;
}

/** More flips than this are told as a warning. */
const MANY = 0.1;

/**
 * Changes in pictures what should not matter, and counts whose votes and which labels change. Needs no gold: a label that
 * hangs on the surroundings flips with them, be it right or wrong.
 *
 * @param pictures as the model decoded them
 */
export async function stress(
  pictures: readonly Uint8Array[],
  { see, columns, concepts }: Sight,
  labeler: Labeler,
): Promise<StressReport> {
  const labeled = ({ rows, embeddings }: Seen) => labeler.label(columns(rows), embeddings);
  const before = await see(pictures);
  const original = await labeled(before);
  const changes: Stressed[] = [];
  for (const [change, perturb] of Object.entries(PERTURBATIONS)) {
    const after = await see(pictures.map(perturb));
    const { votes, labels } = await labeled(after);
    const flipsWith = async (mixed: Partial<Seen>) =>
      flipsOf(original.labels, (await labeled({ ...before, ...mixed })).labels);
    const stressed: Stressed = {
      change,
      flips: flipsOf(original.labels, labels),
      programs: labeler.programs.map((id, index) => ({
        id,
        flips: flipsOf(original.votes[index], votes[index]),
      })),
      concepts: [],
      ...(labeler.hasEndModel && { endModel: await flipsWith({ embeddings: after.embeddings }) }),
    };
    let first = 0;
    for (const { name, descriptions } of concepts) {
      const next = first + descriptions.length;
      const swap = (row: ArrayLike<number>, index: number) => swappedRow(row, after.rows[index], first, next);
      stressed.concepts.push({ name, flips: await flipsWith({ rows: before.rows.map(swap) }) });
      first = next;
    }
    changes.push(stressed);
  }
  return { pictures: pictures.length, changes, warnings: changes.flatMap(warningsOf) };
}

/** A row of scores with those of one concept, `first` to `next`, from another. */
function swappedRow(
  row: ArrayLike<number>,
  other: ArrayLike<number>,
  first: number,
  next: number,
): Float64Array {
  const swapped = Float64Array.from(row);
  for (let at = first; at < next; at++) swapped[at] = other[at];
  return swapped;
}

function flipsOf(before: Int8Array, after: Int8Array): number {
  let flips = 0;
  for (let row = 0; row < before.length; row++) if (before[row] !== after[row]) flips += 1;
  return before.length === 0 ? 0 : flips / before.length;
}

function warningsOf({ change, flips, programs, concepts, endModel }: Stressed): string[] {
  if (flips <= MANY) return [];
  const most = <T extends { flips: number }>(all: readonly T[]) =>
    all.reduce((worst, one) => (one.flips > worst.flips ? one : worst));
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const program = most(programs);
  const concept = concepts.length > 0 ? most(concepts) : undefined;
  const byConcept =
    concept && concept.flips > 0
      ? `; the concept ${JSON.stringify(concept.name)} alone changes ${percent(concept.flips)}`
      : "";
  const byEndModel = endModel ? `; the end model alone changes ${percent(endModel)}` : "";
  return [
    `With ${change}, ${percent(flips)} of the labels are others, though the pictures show the same. ${program.id} changes its vote most (${percent(program.flips)})${byConcept}${byEndModel}.`,
  ];
}
