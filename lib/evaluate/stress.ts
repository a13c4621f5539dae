import { packColumns } from "../contracts/columns.ts";
import type { Concept } from "../contracts/concepts.ts";
import { descriptionsOf, scoresColumn, scoresOf } from "../features/scores.ts";
import type { ImageTextModel } from "../ports.ts";
import { PERTURBATIONS } from "./perturbations.ts";

/** What one change of the pictures does to their labels. */
export interface Stressed {
  change: string;
  /** Share of the pictures whose label is another. */
  flips: number;
  /** Share of the pictures on which the program votes otherwise, abstaining included. */
  programs: { id: string; flips: number }[];
  /** Share of the pictures whose label is another when only this concept is seen in the changed picture. */
  concepts: { name: string; flips: number }[];
}

export interface StressReport {
  pictures: number;
  changes: Stressed[];
  /** Cues that labels seem to hang on though they should not. */
  warnings: string[];
}

/** Votes and labels of rows of scores, as the run gives them. */
export interface Labeler {
  programs: readonly string[];
  /** [programs] of [rows]; [rows], a class or ABSTAIN. */
  label(columns: Uint8Array): Promise<{ votes: Int8Array[]; labels: Int8Array }>;
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
  { concepts, logitScale }: { concepts: readonly Concept[]; logitScale: number },
  model: Pick<ImageTextModel, "card" | "embedTexts" | "embedPictures">,
  labeler: Labeler,
): Promise<StressReport> {
  const texts = await model.embedTexts(descriptionsOf(concepts));
  const size = model.card.embeddingSize;
  // Each by itself, so that none depends on its neighbours; the model looks at as many at once as there are processors.
  const scoresOfAll = (changed: readonly Uint8Array[]): Promise<Float64Array[]> =>
    Promise.all(
      changed.map(async (picture) => {
        const embedding = await model.embedPictures([picture]);
        return scoresOf(embedding.subarray(0, size), texts, concepts, logitScale);
      }),
    );
  const labeled = (rows: readonly Float64Array[]) =>
    labeler.label(packColumns([scoresColumn(concepts, rows)], rows.length));

  const before = await scoresOfAll(pictures);
  const original = await labeled(before);
  const changes: Stressed[] = [];
  for (const [change, perturb] of Object.entries(PERTURBATIONS)) {
    const after = await scoresOfAll(pictures.map(perturb));
    const { votes, labels } = await labeled(after);
    const stressed: Stressed = {
      change,
      flips: flipsOf(original.labels, labels),
      programs: labeler.programs.map((id, index) => ({
        id,
        flips: flipsOf(original.votes[index], votes[index]),
      })),
      concepts: [],
    };
    let first = 0;
    for (const { name, descriptions } of concepts) {
      const next = first + descriptions.length;
      const swapped = await labeled(before.map((row, index) => swappedRow(row, after[index], first, next)));
      stressed.concepts.push({ name, flips: flipsOf(original.labels, swapped.labels) });
      first = next;
    }
    changes.push(stressed);
  }
  return { pictures: pictures.length, changes, warnings: changes.flatMap(warningsOf) };
}

/** A row of scores with those of one concept, `first` to `next`, from another. */
function swappedRow(row: Float64Array, other: Float64Array, first: number, next: number): Float64Array {
  const swapped = Float64Array.from(row);
  for (let at = first; at < next; at++) swapped[at] = other[at];
  return swapped;
}

function flipsOf(before: Int8Array, after: Int8Array): number {
  let flips = 0;
  for (let row = 0; row < before.length; row++) if (before[row] !== after[row]) flips += 1;
  return before.length === 0 ? 0 : flips / before.length;
}

function warningsOf({ change, flips, programs, concepts }: Stressed): string[] {
  if (flips <= MANY) return [];
  const most = <T extends { flips: number }>(all: readonly T[]) =>
    all.reduce((worst, one) => (one.flips > worst.flips ? one : worst));
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const program = most(programs);
  const concept = most(concepts);
  const byConcept =
    concept.flips > 0
      ? `; the concept ${JSON.stringify(concept.name)} alone changes ${percent(concept.flips)}`
      : "";
  return [
    `With ${change}, ${percent(flips)} of the labels are others, though the pictures show the same. ${program.id} changes its vote most (${percent(program.flips)})${byConcept}.`,
  ];
}
