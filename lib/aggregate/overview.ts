import { ABSTAIN } from "../contracts/columns.ts";
import { coVotes } from "./co-votes.ts";
import { type Histogram, thinned } from "./histogram.ts";
import { cellsOf } from "./vote-cells.ts";

/** Equal parts of confidence, from 0 to 1, that rows are counted in. */
export const CONFIDENCE_BINS = 20;
/** Patterns that pairs of programs are compared on: shares of pairs need no more. */
const COMPARED_PATTERNS = 20_000;

/** The votes of a run in few numbers, for pictures and for comparing runs; its size does not depend on the rows. */
export interface Overview {
  /** Rows on which programs voted for different classes. */
  conflicting: number;
  /** [programs] of [classes], rows. */
  votes: number[][];
  /** [programs] of [programs]: of rows on which both vote, the share on which they vote alike; null where there is none. */
  agreement: (number | null)[][];
  /** [classes] of [CONFIDENCE_BINS], rows labeled with the class. */
  confidence: number[][];
}

/**
 * Sums up the votes and what the model makes of them.
 *
 * @param posteriors [patterns × classes], of `posteriorsOf`
 * @param labelOf the class of a pattern, given its posterior
 */
export function overviewOf(
  histogram: Histogram,
  posteriors: Float64Array,
  conflicting: number,
  labelOf: (probabilities: Float64Array) => number,
): Overview {
  const { programs, classes, patterns, counts } = histogram;
  const votes = table(programs, classes);
  const confidence = table(classes, CONFIDENCE_BINS);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    let voted = false;
    for (let program = 0; program < programs; program++) {
      const vote = patterns[pattern * programs + program];
      if (vote === ABSTAIN) continue;
      voted = true;
      votes[program][vote] += counts[pattern];
    }
    if (!voted) continue;
    const probabilities = posteriors.subarray(pattern * classes, (pattern + 1) * classes);
    const label = labelOf(probabilities);
    confidence[label][binOf(probabilities[label], CONFIDENCE_BINS)] += counts[pattern];
  }
  return { conflicting, votes, agreement: agreementOf(histogram), confidence };
}

/** Which of `bins` equal parts of 0 … 1 a share lies in; 1 lies in the last. */
export const binOf = (share: number, bins: number): number => Math.min(bins - 1, Math.floor(share * bins));

const table = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

function agreementOf(histogram: Histogram): Overview["agreement"] {
  const { programs, classes } = histogram;
  const votes = cellsOf(
    histogram.counts.length > COMPARED_PATTERNS ? thinned(histogram, COMPARED_PATTERNS) : histogram,
  );
  const cells = votes.totals.length;
  const agreement: Overview["agreement"] = Array.from({ length: programs }, () =>
    new Array<number | null>(programs).fill(null),
  );
  for (let first = 0; first < programs; first++) {
    const met = coVotes(votes, first);
    for (let second = first + 1; second < programs; second++) {
      let both = 0;
      let alike = 0;
      for (let vote = 0; vote < classes; vote++) {
        const row = vote * cells + second * classes;
        alike += met[row + vote];
        for (let other = 0; other < classes; other++) both += met[row + other];
      }
      if (both === 0) continue;
      agreement[first][second] = agreement[second][first] = Math.round((1e4 * alike) / both) / 1e4;
    }
  }
  return agreement;
}
