import { type LogLinear, largestChange, posteriorsUnder } from "./log-linear.ts";
import { majorityShares, voteBalance } from "./majority.ts";
import { multipolar, precisionEvidence, weighEvidence } from "./precision.ts";
import { cellSums, type VoteCells } from "./vote-cells.ts";

const SWEEPS = 5;
const TOLERANCE = 1e-5;

/**
 * Five EM sweeps from the majority: programs of one class by precision as in `fitPrecision`, the others by their
 * confusions P(vote | voted, truth) with a prior of 4 right votes and 1 of each wrong one; the class balance stays
 * the majority's. `model_B` of the specification.
 *
 * @param weights [programs] how many independent votes each counts for, in (0, 1]
 */
export function fitConfusion(votes: VoteCells, weights: Float64Array): LogLinear {
  const { programs, classes } = votes;
  let posteriors = majorityShares(votes, weights);
  const balance = voteBalance(votes, posteriors);
  const bias = balance.map(Math.log);
  const several = multipolar(votes);
  const shrinkage = new Float64Array(programs).fill(4);
  for (let sweep = 1; ; sweep++) {
    const sums = cellSums(votes, posteriors);
    const table = precisionEvidence(votes, sums, balance, shrinkage);
    for (let program = 0; program < programs; program++) {
      if (several[program]) writeConfusions(sums, table, program * classes * classes, classes);
    }
    weighEvidence(table, weights);
    const next = posteriorsUnder({ bias, table }, votes);
    if (sweep === SWEEPS || largestChange(posteriors, next) < TOLERANCE) return { bias, table };
    posteriors = next;
  }
}

/** Log P(vote | voted, truth) of the program whose cells begin at `at`. */
function writeConfusions(sums: Float64Array, table: Float64Array, at: number, classes: number): void {
  for (let label = 0; label < classes; label++) {
    let sum = 0;
    for (let vote = 0; vote < classes; vote++) sum += sums[at + vote * classes + label];
    sum += classes + 3;
    for (let vote = 0; vote < classes; vote++) {
      const cell = at + vote * classes + label;
      table[cell] = Math.log((sums[cell] + (vote === label ? 4 : 1)) / sum);
    }
  }
}
