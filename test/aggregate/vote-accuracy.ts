import { type Histogram, indexVotes } from "../../lib/aggregate/histogram.ts";
import { winnersOf } from "../../lib/aggregate/winners.ts";

/**
 * Per cent of the rows with a vote that a model labels right; a tie counts by the share of its classes that is.
 *
 * @param histogram of the columns
 * @param posteriors [patterns × classes]
 */
export function accuracyOf(
  { columns, truth }: { columns: Int8Array[]; truth: Int8Array },
  { classes }: Histogram,
  posteriors: Float64Array,
): number {
  const { patternOfRow } = indexVotes(columns, classes);
  let right = 0;
  let rows = 0;
  for (const [row, label] of truth.entries()) {
    if (columns.every((column) => column[row] < 0)) continue;
    const winners = winnersOf(posteriors, patternOfRow[row] * classes, classes);
    if (winners.includes(label)) right += 1 / winners.length;
    rows += 1;
  }
  return (100 * right) / rows;
}

/** [classes] rows with a vote that get each label, ties shared. @param posteriors [patterns × classes] */
export function labelCounts(
  { patterns, counts, programs, classes }: Histogram,
  posteriors: Float64Array,
): Float64Array {
  const labels = new Float64Array(classes);
  for (const [pattern, count] of counts.entries()) {
    if (patterns.subarray(pattern * programs, (pattern + 1) * programs).every((vote) => vote < 0)) continue;
    const winners = winnersOf(posteriors, pattern * classes, classes);
    for (const label of winners) labels[label] += count / winners.length;
  }
  return labels;
}
