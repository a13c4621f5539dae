import { ABSTAIN } from "../contracts/columns.ts";
import type { VoteCells } from "./vote-cells.ts";

/** A posterior that adds evidence: log q(class) = bias[class] + sum of table[cell × classes + class] over votes. */
export interface LogLinear {
  /** [classes] */
  bias: Float64Array;
  /** [programs × classes × classes]; a cell is program × classes + vote. */
  table: Float64Array;
}

/** A log-linear model as JSON keeps it, every number exact. */
export interface PlainLogLinear {
  bias: number[];
  table: number[];
}

export const plain = ({ bias, table }: LogLinear): PlainLogLinear => ({ bias: [...bias], table: [...table] });

export const typed = ({ bias, table }: PlainLogLinear): LogLinear => ({
  bias: Float64Array.from(bias),
  table: Float64Array.from(table),
});

/** Writes the posterior, given the cells `from` to `to`, at `at`. */
function score(
  { bias, table }: LogLinear,
  cells: Int32Array,
  from: number,
  to: number,
  out: Float64Array,
  at: number,
): void {
  const classes = bias.length;
  for (let label = 0; label < classes; label++) out[at + label] = bias[label];
  let next = from;
  // Four votes at a time, added in the same order: half the time where classes are many.
  for (; next + 3 < to; next += 4) {
    const one = cells[next] * classes;
    const two = cells[next + 1] * classes;
    const three = cells[next + 2] * classes;
    const four = cells[next + 3] * classes;
    for (let label = 0; label < classes; label++) {
      out[at + label] =
        out[at + label] +
        table[one + label] +
        table[two + label] +
        table[three + label] +
        table[four + label];
    }
  }
  for (; next < to; next++) {
    const row = cells[next] * classes;
    for (let label = 0; label < classes; label++) out[at + label] += table[row + label];
  }
  softmax(out, at, classes);
}

/** Turns the logarithms at `at` into probabilities that sum to 1. */
export function softmax(out: Float64Array, at: number, classes: number): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let label = 0; label < classes; label++) if (out[at + label] > most) most = out[at + label];
  let sum = 0;
  for (let label = 0; label < classes; label++) {
    const share = Math.exp(out[at + label] - most);
    out[at + label] = share;
    sum += share;
  }
  for (let label = 0; label < classes; label++) out[at + label] /= sum;
}

/** The E-step: the posterior of every pattern, [patterns × classes]. */
export function posteriorsUnder(
  model: LogLinear,
  { counts, classes, starts, cells }: VoteCells,
): Float64Array {
  const out = new Float64Array(counts.length * classes);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    score(model, cells, starts[pattern], starts[pattern + 1], out, pattern * classes);
  }
  return out;
}

/** Scores single patterns, met in the fit or not. `kept` are the programs that the model knows, in its order. */
export function scorerOf(model: LogLinear, kept?: readonly number[]) {
  const classes = model.bias.length;
  const programs = model.table.length / (classes * classes);
  const cells = new Int32Array(programs);
  return (pattern: ArrayLike<number>, out: Float64Array): void => {
    let votes = 0;
    for (let program = 0; program < programs; program++) {
      const vote = pattern[kept ? kept[program] : program];
      if (vote === ABSTAIN) continue;
      cells[votes] = program * classes + vote;
      votes += 1;
    }
    score(model, cells, 0, votes, out, 0);
  };
}

/** The largest change between two sets of posteriors: what EM stops by. */
export function largestChange(before: Float64Array, after: Float64Array): number {
  let largest = 0;
  for (let at = 0; at < before.length; at++) {
    const change = Math.abs(after[at] - before[at]);
    if (change > largest) largest = change;
  }
  return largest;
}

/**
 * Geometric mean of two posteriors, the first with weight `share`, in rows of `classes`. Probabilities count as
 * 1e-6 at least, so neither rules a class out alone.
 */
export function pooled(first: Float64Array, second: Float64Array, share: number, classes: number) {
  const out = new Float64Array(first.length);
  const all = 1 + 2e-9;
  const ofFirst = (share + 1e-9) / all;
  const ofSecond = (1 - share + 1e-9) / all;
  for (let at = 0; at < out.length; at++) {
    out[at] = ofFirst * Math.log(bounded(first[at])) + ofSecond * Math.log(bounded(second[at]));
  }
  for (let at = 0; at < out.length; at += classes) softmax(out, at, classes);
  return out;
}

const bounded = (probability: number) => Math.min(1, Math.max(1e-6, probability));
