import type { LogLinear } from "./log-linear.ts";
import { majorityShares, voteBalance } from "./majority.ts";
import { cellSums, type VoteCells } from "./vote-cells.ts";

/** What a program's word is taken to be worth before it is looked at. */
const PRIOR_PRECISION = 0.75;

/**
 * Prior of P(truth = k | vote = l), [l × k]: a vote is right at `PRIOR_PRECISION`, or a fifth of the way from its
 * class's share to certainty where that is more; the other classes share the rest as the balance says.
 */
export function precisionPrior(balance: Float64Array): Float64Array {
  const classes = balance.length;
  const prior = new Float64Array(classes * classes);
  for (let vote = 0; vote < classes; vote++) {
    const right = Math.max(PRIOR_PRECISION, balance[vote] + 0.2 * (1 - balance[vote]));
    let others = 0;
    for (let label = 0; label < classes; label++) if (label !== vote) others += balance[label];
    for (let label = 0; label < classes; label++) {
      prior[vote * classes + label] =
        label === vote ? right : ((1 - right) * balance[label]) / Math.max(others, 1e-12);
    }
  }
  return prior;
}

/** Whether each program votes for more than one class: 2 % of its votes at least outside its main one. */
export function multipolar({ programs, classes, totals }: VoteCells): boolean[] {
  return Array.from({ length: programs }, (_, program) => {
    const votes = totals.subarray(program * classes, (program + 1) * classes);
    const sum = votes.reduce((total, count) => total + count, 0);
    return sum > 0 && 1 - Math.max(...votes) / sum >= 0.02;
  });
}

/**
 * Evidence of a vote by its precision, log P(truth | vote) / P(truth), [cells × classes].
 *
 * Precisions shrink towards their prior by a share that does not vanish with the number of rows: a guard against
 * votes that are not independent, of which there can be any number.
 *
 * @param sums as of `cellSums`
 * @param shrinkage [programs] weight of the prior, in multiples of the votes themselves
 */
export function precisionEvidence(
  { classes, totals }: VoteCells,
  sums: Float64Array,
  balance: Float64Array,
  shrinkage: ArrayLike<number>,
): Float64Array {
  const prior = precisionPrior(balance);
  const evidence = new Float64Array(sums.length);
  for (let cell = 0; cell < totals.length; cell++) {
    const weight = shrinkage[Math.floor(cell / classes)];
    const expected = (cell % classes) * classes;
    const row = cell * classes;
    let sum = 0;
    for (let label = 0; label < classes; label++) {
      const precision =
        totals[cell] > 0
          ? (sums[row + label] + weight * totals[cell] * prior[expected + label]) /
            (totals[cell] * (1 + weight))
          : prior[expected + label];
      evidence[row + label] = Math.max(precision, 1e-6);
      sum += evidence[row + label];
    }
    for (let label = 0; label < classes; label++) {
      evidence[row + label] = Math.log(evidence[row + label] / sum / balance[label]);
    }
  }
  return evidence;
}

/** Multiplies the evidence of each program's votes by the program's weight, in place. */
export function weighEvidence(evidence: Float64Array, weights: Float64Array): void {
  const size = evidence.length / weights.length;
  for (let at = 0; at < evidence.length; at++) evidence[at] *= weights[Math.floor(at / size)];
}

/**
 * Weighted majority: one M-step from the majority's shares gives each vote its precision, and log q is the log
 * balance plus the evidence of the votes. An abstention says nothing. `model_A` of the specification.
 *
 * @param weights [programs] how many independent votes each counts for, in (0, 1]
 */
export function fitPrecision(votes: VoteCells, weights: Float64Array): LogLinear {
  const shares = majorityShares(votes, weights);
  const balance = voteBalance(votes, shares);
  const shrinkage = multipolar(votes).map((several) => (several ? 1 : 4));
  const table = precisionEvidence(votes, cellSums(votes, shares), balance, shrinkage);
  weighEvidence(table, weights);
  return { bias: balance.map(Math.log), table };
}
