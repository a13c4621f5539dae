import type { Histogram } from "./histogram.ts";
import {
  type LogLinear,
  type PlainLogLinear,
  plain,
  pooled,
  posteriorsUnder,
  scorerOf,
  softmax,
  typed,
} from "./log-linear.ts";
import { alike, majorityShares, voteBalance } from "./majority.ts";
import { precisionPrior } from "./precision.ts";
import { cellSums, cellsOf, classSums, type VoteCells } from "./vote-cells.ts";

/** What a few gold labels, a known class balance or a temperature change in a fitted model's posteriors. */
export interface Calibration {
  gold?: {
    /** The precision of each vote as the gold rows have it. */
    evidence: PlainLogLinear;
    /** Its share beside the label model. */
    share: number;
    /** Exponent of the pooled probabilities. */
    temperature: number;
  };
  balance?: {
    /** [classes] what a row without a vote gets. */
    uncovered: number[];
    /** [classes] factors for rows with one. */
    factors: number[];
  };
  /** Exponent of the probabilities: below 1 they are less sure. */
  temperature?: number;
}

/** Gold rows worth as much as the label model. */
const EQUAL_GOLD = 200;
/** Gold votes that the prior of a vote's precision is worth, and gold rows that the prior of the balance is. */
const PRIOR = { votes: 10, rows: 20 };
const TEMPERATURES = [0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5];
/** The usual temperature, and how strongly gold has to argue against it. */
const USUAL = { temperature: 0.6, weight: 5 };

/**
 * A small gold set, pooled with the label model: supervised precisions with weight n / (n + 200), then the temperature
 * under which the gold rows are least surprising. A hundred rows calibrate the confidences more than they change labels.
 * `semi` of the specification.
 *
 * @param posteriors [patterns × classes] of the label model
 * @param gold [patterns × classes] gold rows by pattern and class
 */
export function calibrationOf(
  histogram: Histogram,
  posteriors: Float64Array,
  gold: Float64Array,
): NonNullable<Calibration["gold"]> {
  const votes = cellsOf(histogram);
  const { classes } = votes;
  const rows = gold.reduce((sum, count) => sum + count, 0);
  const evidence = supervised(votes, gold);
  const share = rows / (rows + EQUAL_GOLD);
  const both = pooled(posteriorsUnder(evidence, votes), posteriors, share, classes);
  let best = { loss: Number.POSITIVE_INFINITY, temperature: 1 };
  for (const temperature of TEMPERATURES) {
    const tempered = both.slice();
    let loss = USUAL.weight * Math.log(temperature / USUAL.temperature) ** 2;
    for (let at = 0; at < tempered.length; at += classes) temper(tempered, at, classes, temperature);
    for (let at = 0; at < gold.length; at++) {
      if (gold[at] > 0) loss -= gold[at] * Math.log(Math.max(tempered[at], 1e-9));
    }
    if (loss < best.loss) best = { loss, temperature };
  }
  return { evidence: plain(evidence), share, temperature: best.temperature };
}

/** Naive Bayes on the votes, by the precision that gold shows of each. */
function supervised(votes: VoteCells, gold: Float64Array): LogLinear {
  const { programs, classes, counts } = votes;
  const usual = voteBalance(votes, majorityShares(votes, alike(programs)));
  // Gold rows by pattern stand where posteriors do, each pattern counting once.
  const byGold = { ...votes, counts: new Float64Array(counts.length).fill(1) };
  const ofClass = classSums(byGold, gold, "covered");
  const covered = ofClass.reduce((sum, count) => sum + count, 0);
  const balance = usual.map((share, label) => (ofClass[label] + PRIOR.rows * share) / (covered + PRIOR.rows));
  const prior = precisionPrior(balance);
  const table = cellSums(byGold, gold);
  for (let row = 0; row < table.length; row += classes) {
    const expected = ((row / classes) % classes) * classes;
    let sum = PRIOR.votes;
    for (let label = 0; label < classes; label++) sum += table[row + label];
    for (let label = 0; label < classes; label++) {
      const precision = (table[row + label] + PRIOR.votes * prior[expected + label]) / sum;
      table[row + label] = Math.log(precision / balance[label]);
    }
  }
  return { bias: balance.map(Math.log), table };
}

/**
 * A known class balance: rows without a vote get it, and the posteriors of the others move half of the way towards it, on
 * a logarithmic scale. All of the way costs more than it gains where programs cover classes unequally.
 *
 * @param balance [classes] above 0, summing to 1
 */
export function balanceShift(
  histogram: Histogram,
  posteriors: Float64Array,
  balance: ArrayLike<number>,
): NonNullable<Calibration["balance"]> {
  const votes = cellsOf(histogram);
  const found = classSums(votes, posteriors, "covered");
  const covered = found.reduce((sum, count) => sum + count, 0);
  return {
    uncovered: Array.from(balance),
    factors: Array.from(found, (sum, label) =>
      covered > 0 ? Math.sqrt(balance[label] / Math.max(sum / covered, 1e-6)) : 1,
    ),
  };
}

/** Applies a calibration to one posterior after another. @param programs in the pattern */
export function calibrator({ gold, balance, temperature }: Calibration, classes: number) {
  const score = gold && scorerOf(typed(gold.evidence));
  const byGold = new Float64Array(classes);
  return (pattern: ArrayLike<number>, out: Float64Array): void => {
    if (gold && score) {
      score(pattern, byGold);
      out.set(pooled(byGold, out, gold.share, classes));
      temper(out, 0, classes, gold.temperature);
    }
    if (balance) {
      const covered = Array.prototype.some.call(pattern, (vote: number) => vote >= 0);
      if (covered) multiply(out, balance.factors);
      else out.set(balance.uncovered);
    }
    if (temperature !== undefined) temper(out, 0, classes, temperature);
  };
}

function temper(out: Float64Array, at: number, classes: number, temperature: number): void {
  for (let label = at; label < at + classes; label++) {
    out[label] = temperature * Math.log(Math.max(out[label], 1e-9));
  }
  softmax(out, at, classes);
}

function multiply(out: Float64Array, factors: readonly number[]): void {
  let sum = 0;
  for (let label = 0; label < out.length; label++) {
    out[label] *= factors[label];
    sum += out[label];
  }
  for (let label = 0; label < out.length; label++) out[label] /= sum;
}
