import type { AggregatedRows } from "../aggregate/vote-file.ts";
import { mostProbable } from "../aggregate/winners.ts";

/** Lines that make one chunk. */
const CHUNK = 8_192;

/**
 * A label a row, as CSV or TSV in chunks: the row's number, the most probable class, its probability, and each class's. A
 * row without a vote has no label.
 *
 * @param hasVote [patterns]
 */
export function* labelsCsv(
  { classes, balance, posteriors, patternOfRow }: AggregatedRows,
  hasVote: readonly boolean[],
  delimiter: "," | "\t",
): Generator<string> {
  const cell = (text: string) =>
    text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const ends = hasVote.map((voted, pattern) => {
    const probabilities = posteriors.subarray(pattern * classes.length, (pattern + 1) * classes.length);
    const shown = Array.from(probabilities, (probability) => String(Math.round(probability * 1e9) / 1e9));
    const label = mostProbable(probabilities, balance);
    return [...(voted ? [cell(classes[label]), shown[label]] : ["", ""]), ...shown].join(delimiter);
  });
  yield `${["row", "label", "confidence", ...classes.map((name) => cell(`p_${name}`))].join(delimiter)}\n`;
  for (let start = 0; start < patternOfRow.length; start += CHUNK) {
    let lines = "";
    for (let row = start; row < Math.min(start + CHUNK, patternOfRow.length); row++) {
      lines += `${row + 1}${delimiter}${ends[patternOfRow[row]]}\n`;
    }
    yield lines;
  }
}
