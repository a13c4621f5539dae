import { ABSTAIN } from "../contracts/columns.ts";
import type { VoteCells } from "./vote-cells.ts";

/**
 * Rows on which a program's vote meets each vote of a later program, [classes × cells]; cells of earlier programs
 * and its own stay 0. One program at a time, because all pairs of many classes do not fit in memory.
 */
export function coVotes(votes: VoteCells, program: number): Float64Array {
  const { programs, classes, patterns, counts, starts, cells, totals } = votes;
  const met = new Float64Array(classes * totals.length);
  const own = (program + 1) * classes;
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const vote = patterns[pattern * programs + program];
    if (vote === ABSTAIN) continue;
    const row = vote * totals.length;
    for (let at = starts[pattern + 1] - 1; at >= starts[pattern] && cells[at] >= own; at--) {
      met[row + cells[at]] += counts[pattern];
    }
  }
  return met;
}
