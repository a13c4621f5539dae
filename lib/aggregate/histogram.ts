import { z } from "zod";
import { ABSTAIN, packBlocks, unpackBlocks } from "../contracts/columns.ts";
import { jsonBytes, parsed } from "../contracts/objects.ts";
import { DamagedObjectError } from "../errors.ts";
import { patternCounter } from "./pattern-counter.ts";
import { type VoteArray, voteArray } from "./vote-array.ts";

/** How many rows show each pattern of votes: all that a label model sees, however many rows there are. */
export interface Histogram {
  programs: number;
  classes: number;
  /** Row-major [patterns × programs], ABSTAIN or a class; each pattern once, in lexicographic order of votes. */
  patterns: VoteArray;
  /** [patterns], rows that show the pattern. */
  counts: Float64Array;
}

/**
 * The histogram of a shard; equal votes give equal histograms in whatever order the rows come.
 *
 * @param columns [programs] of [rows], ABSTAIN or a class
 * @throws RangeError on a vote outside the classes, or columns of unequal length
 */
export const histogramOf = (columns: readonly VoteArray[], classes: number): Histogram =>
  tally(columns, classes).histogram;

/** The histogram, and [rows] which of its patterns each row shows. @throws RangeError as `histogramOf` */
export function indexVotes(
  columns: readonly VoteArray[],
  classes: number,
): { histogram: Histogram; patternOfRow: Uint32Array } {
  const patternOfRow = new Uint32Array(columns.length === 0 ? 0 : columns[0].length);
  const { histogram, places } = tally(columns, classes, patternOfRow);
  for (let row = 0; row < patternOfRow.length; row++) patternOfRow[row] = places[patternOfRow[row]];
  return { histogram, patternOfRow };
}

function tally(columns: readonly VoteArray[], classes: number, numbers?: Uint32Array) {
  const counter = patternCounter(columns.length, classes);
  const rows = columns[0].length;
  if (columns.some((column) => column.length !== rows)) {
    throw new RangeError("Columns of votes have unequal lengths");
  }
  counter.add(
    columns.map((votes) => ({ votes, offset: 0, stride: 1 })),
    rows,
    undefined,
    numbers,
  );
  return counter.result();
}

const shapeOf = ({ programs, classes }: Histogram) => `${programs} programs and ${classes} classes`;

/**
 * The histogram of all rows together. Exact, and the same in any order and grouping.
 *
 * @throws RangeError when they count different programs or classes
 */
export function mergeHistograms(first: Histogram, ...others: readonly Histogram[]): Histogram {
  const { programs, classes } = first;
  const counter = patternCounter(programs, classes);
  for (const histogram of [first, ...others]) {
    if (histogram.programs !== programs || histogram.classes !== classes) {
      throw new RangeError(`Cannot merge a histogram of ${shapeOf(histogram)} into one of ${shapeOf(first)}`);
    }
    counter.add(columnsOf(histogram), histogram.counts.length, histogram.counts);
  }
  return counter.result().histogram;
}

/** The histogram as if only the programs `kept` had voted. */
export function keepPrograms(histogram: Histogram, kept: readonly number[]): Histogram {
  const counter = patternCounter(kept.length, histogram.classes);
  const columns = columnsOf(histogram);
  counter.add(
    kept.map((program) => columns[program]),
    histogram.counts.length,
    histogram.counts,
  );
  return counter.result().histogram;
}

/** The histogram as if the programs marked in `silent` [programs] had abstained everywhere. */
export function silenced(histogram: Histogram, silent: readonly boolean[]): Histogram {
  const nothing = voteArray(histogram.classes, histogram.counts.length).fill(ABSTAIN);
  const counter = patternCounter(histogram.programs, histogram.classes);
  const columns = columnsOf(histogram).map((column, program) =>
    silent[program] ? { votes: nothing, offset: 0, stride: 1 } : column,
  );
  counter.add(columns, histogram.counts.length, histogram.counts);
  return counter.result().histogram;
}

/**
 * At most `most` rows of the histogram, evenly spaced in its order: what a fit needs where votes are so many
 * or so dense that nearly every row has a pattern of its own.
 */
export function thinned(histogram: Histogram, most: number): Histogram {
  const { programs, classes, patterns, counts } = histogram;
  let rows = 0;
  for (const count of counts) rows += count;
  const keptPatterns: number[] = [];
  const keptCounts: number[] = [];
  let before = 0;
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const after = before + counts[pattern];
    const kept = Math.floor((after * most) / rows) - Math.floor((before * most) / rows);
    if (kept > 0) {
      keptPatterns.push(pattern);
      keptCounts.push(kept);
    }
    before = after;
  }
  const thin = voteArray(classes, keptPatterns.length * programs);
  for (let place = 0; place < keptPatterns.length; place++) {
    const from = keptPatterns[place] * programs;
    thin.set(patterns.subarray(from, from + programs), place * programs);
  }
  return { programs, classes, patterns: thin, counts: Float64Array.from(keptCounts) };
}

/** Which of the histogram's patterns these votes are, −1 where none. */
export function patternAt({ programs, patterns, counts }: Histogram, votes: ArrayLike<number>): number {
  let first = 0;
  let last = counts.length - 1;
  while (first <= last) {
    const middle = (first + last) >> 1;
    let program = 0;
    while (program < programs && patterns[middle * programs + program] === votes[program]) program += 1;
    if (program === programs) return middle;
    if (patterns[middle * programs + program] < votes[program]) first = middle + 1;
    else last = middle - 1;
  }
  return -1;
}

const columnsOf = ({ programs, patterns }: Histogram) =>
  Array.from({ length: programs }, (_, program) => ({ votes: patterns, offset: program, stride: programs }));

const Shape = z.strictObject({ programs: z.int().min(1), classes: z.int().min(1), patterns: z.int().min(0) });

/** The histogram as bytes: its shape, the patterns, the counts. Equal histograms give equal bytes. */
export const packHistogram = ({ programs, classes, patterns, counts }: Histogram): Uint8Array =>
  packBlocks([
    jsonBytes({ programs, classes, patterns: counts.length }),
    new Uint8Array(patterns.buffer, patterns.byteOffset, patterns.byteLength),
    new Uint8Array(counts.buffer, counts.byteOffset, counts.byteLength),
  ]);

/** The inverse of `packHistogram`. @throws DamagedObjectError */
export function unpackHistogram(bytes: Uint8Array): Histogram {
  const [shape, patterns, counts] = unpackBlocks(bytes);
  const { programs, classes, patterns: length } = parsed(Shape, shape, "A histogram");
  const votes = voteArray(classes, length * programs);
  if (patterns?.byteLength !== votes.byteLength || counts?.byteLength !== length * 8) {
    throw new DamagedObjectError("A histogram");
  }
  new Uint8Array(votes.buffer).set(patterns);
  // Copied: counts need not lie at a multiple of eight bytes.
  return {
    programs,
    classes,
    patterns: votes,
    counts: new Float64Array(new Uint8Array(counts).buffer),
  };
}
