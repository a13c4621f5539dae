import { ABSTAIN } from "../contracts/columns.ts";
import type { Histogram } from "./histogram.ts";
import { logBounded } from "./log-linear.ts";
import { voteShares } from "./majority.ts";
import { clipped } from "./near-copies.ts";

/** Share of the rows that may always leave the main class: half of what `auto` may lose to majority. */
const ALWAYS_FREE = 0.005;
/** How finely the share is sought. */
const HALVINGS = 10;
/** Logarithms that differ by no more are tied. */
const TIE = 1e-9;

/**
 * The share of all rows that a model may take from the class that majority gives most.
 *
 * Errors blur: a program that errs alike in all directions votes more evenly than the classes are, and so does
 * majority. A model that takes rows from the main class on top of that needs programs that miss other classes, and the
 * fewer rows the others have, the more it risks: with t the main class's share it may take (1 − t)². Where programs vote
 * for several classes and err together, their likelihood ratios are too large by nobody knows how much, and an uneven
 * balance has to stand against them: then it is half a point.
 *
 * @param main the main class's share of the rows with a vote, by majority
 * @param dependence how far the votes are refuted as independent, times the share of them that programs of several classes cast; 0 to 1
 */
export function mostTaken(main: number, classes: number, dependence: number): number {
  const unevenness = clipped(((classes * main - 1) / (classes - 1) - 0.25) / 0.25);
  return Math.max(ALWAYS_FREE, (1 - main) ** 2 * (1 - dependence * unevenness));
}

/**
 * The least share of majority beside a model with which the two take no more rows from majority's main class than
 * `mostTaken`: 0 where the model takes few by itself, 1 where it has to be majority. Rows without votes do not count.
 *
 * @param posteriors [patterns × classes] of the model
 */
export function majorityShare(histogram: Histogram, posteriors: Float64Array, dependence: number): number {
  const labelsWith = labelCounter(histogram, posteriors);
  const byMajority = labelsWith(1);
  const rows = byMajority.reduce((sum, count) => sum + count, 0);
  if (rows === 0) return 0;
  const most = Math.max(...byMajority);
  const main = byMajority.indexOf(most);
  const least = most - rows * mostTaken(most / rows, histogram.classes, dependence);
  const enough = (share: number) => labelsWith(share)[main] >= least;
  if (enough(0)) return 0;
  let tooLittle = 0;
  let sufficient = 1;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (tooLittle + sufficient) / 2;
    if (enough(middle)) sufficient = middle;
    else tooLittle = middle;
  }
  return sufficient;
}

/** Counts the rows that get each label, ties shared, when majority has a share beside the model. */
function labelCounter({ patterns, counts, programs, classes }: Histogram, posteriors: Float64Array) {
  const rows = counts.slice();
  const byMajority = new Float64Array(posteriors.length);
  const byModel = new Float64Array(posteriors.length);
  const shares = new Float64Array(classes);
  for (let pattern = 0; pattern < rows.length; pattern++) {
    const votes = patterns.subarray(pattern * programs, (pattern + 1) * programs);
    if (votes.every((vote) => vote === ABSTAIN)) rows[pattern] = 0;
    voteShares(votes, shares);
    for (let label = 0; label < classes; label++) {
      const at = pattern * classes + label;
      byMajority[at] = logBounded(shares[label]);
      byModel[at] = logBounded(posteriors[at]);
    }
  }
  return (share: number): Float64Array => {
    const labels = new Float64Array(classes);
    for (let pattern = 0; pattern < rows.length; pattern++) {
      const from = pattern * classes;
      for (let label = 0; label < classes; label++) {
        const at = from + label;
        shares[label] = share * byMajority[at] + (1 - share) * byModel[at];
      }
      let most = Number.NEGATIVE_INFINITY;
      for (let label = 0; label < classes; label++) most = Math.max(most, shares[label]);
      let winners = 0;
      for (let label = 0; label < classes; label++) if (shares[label] >= most - TIE) winners += 1;
      for (let label = 0; label < classes; label++) {
        if (shares[label] >= most - TIE) labels[label] += rows[pattern] / winners;
      }
    }
    return labels;
  };
}
