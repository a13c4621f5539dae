import { ABSTAIN } from "../contracts/columns.ts";
import type { Histogram } from "./histogram.ts";

/** A histogram laid out for fitting. Program j's vote for class l is the *cell* j × classes + l. */
export interface VoteCells extends Histogram {
  rows: number;
  /** [patterns + 1] where each pattern's cells begin in `cells`. */
  starts: Int32Array;
  /** The cells of each pattern, ascending; abstentions have none. */
  cells: Int32Array;
  /** [programs × classes], rows that vote the cell. */
  totals: Float64Array;
}

/** Lays a histogram out for fitting. */
export function cellsOf(histogram: Histogram): VoteCells {
  const { programs, classes, patterns, counts } = histogram;
  const starts = new Int32Array(counts.length + 1);
  for (let at = 0, found = 0; at < patterns.length; at++) {
    if (patterns[at] !== ABSTAIN) found += 1;
    if ((at + 1) % programs === 0) starts[(at + 1) / programs] = found;
  }
  const cells = new Int32Array(starts[counts.length]);
  const totals = new Float64Array(programs * classes);
  let rows = 0;
  for (let pattern = 0, next = 0; pattern < counts.length; pattern++) {
    rows += counts[pattern];
    for (let program = 0; program < programs; program++) {
      const vote = patterns[pattern * programs + program];
      if (vote === ABSTAIN) continue;
      const cell = program * classes + vote;
      cells[next] = cell;
      totals[cell] += counts[pattern];
      next += 1;
    }
  }
  return { ...histogram, rows, starts, cells, totals };
}

/**
 * The M-step's sums: for each cell, how many of its rows belong to each class.
 *
 * @param posteriors [patterns × classes]
 * @returns [cells × classes]
 */
export function cellSums({ classes, counts, starts, cells, totals }: VoteCells, posteriors: Float64Array) {
  const sums = new Float64Array(totals.length * classes);
  // Of many classes a majority has few: the others' shares are 0, and add nothing.
  const labels = new Int32Array(classes);
  const rows = new Float64Array(classes);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const from = pattern * classes;
    let found = 0;
    for (let label = 0; label < classes; label++) {
      if (posteriors[from + label] === 0) continue;
      labels[found] = label;
      rows[found] = counts[pattern] * posteriors[from + label];
      found += 1;
    }
    for (let at = starts[pattern]; at < starts[pattern + 1]; at++) {
      const to = cells[at] * classes;
      for (let next = 0; next < found; next++) sums[to + labels[next]] += rows[next];
    }
  }
  return sums;
}

/** Rows of each class in all, [classes]; of those with a vote only where `covered` says so. */
export function classSums(votes: VoteCells, posteriors: Float64Array, covered: "all" | "covered") {
  const { classes, counts, starts } = votes;
  const sums = new Float64Array(classes);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    if (covered === "covered" && starts[pattern] === starts[pattern + 1]) continue;
    for (let label = 0; label < classes; label++) {
      sums[label] += counts[pattern] * posteriors[pattern * classes + label];
    }
  }
  return sums;
}
