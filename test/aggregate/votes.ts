import fc from "fast-check";
import { type Histogram, histogramOf } from "../../lib/aggregate/histogram.ts";
import { type FittedLabelModel, posteriorOf } from "../../lib/aggregate/label-model.ts";
import { type VoteArray, voteArray } from "../../lib/aggregate/vote-array.ts";
import { ABSTAIN } from "../../lib/contracts/columns.ts";

/** Rows of votes, and how many programs and classes they are of. */
export interface Votes {
  programs: number;
  classes: number;
  rows: number[][];
}

/** A program's votes each, as stages keep them. */
export const columnsOf = ({ programs, classes, rows }: Votes): VoteArray[] =>
  Array.from({ length: programs }, (_, program) =>
    voteArray(classes, rows.length).map((_, row) => rows[row][program]),
  );

export const histogramOfRows = (votes: Votes): Histogram => histogramOf(columnsOf(votes), votes.classes);

/** Any votes: few rows, so that cells without votes and rows without any are met often. */
export const anyVotes = (leastRows = 1): fc.Arbitrary<Votes> =>
  fc
    .record({ programs: fc.integer({ min: 1, max: 5 }), classes: fc.integer({ min: 2, max: 4 }) })
    .chain(({ programs, classes }) =>
      fc.record({
        programs: fc.constant(programs),
        classes: fc.constant(classes),
        rows: fc.array(rowOf(programs, classes), { minLength: leastRows, maxLength: 40 }),
      }),
    );

export const rowOf = (programs: number, classes: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: ABSTAIN, max: classes - 1 }), { minLength: programs, maxLength: programs });

/** The posterior of one pattern. */
export function posterior(model: FittedLabelModel, pattern: readonly number[]): number[] {
  const out = new Float64Array(model.classes);
  posteriorOf(model)(pattern, out);
  return [...out];
}
