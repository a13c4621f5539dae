import type { NotableRow } from "../publish/notable-rows.ts";

/** Rows that the page shows of each kind. */
const SHOWN = 24;

/**
 * The rows that the page shows, by kind: of classes with most rows first, each row once.
 *
 * @param labels [classes], rows with each label
 */
export function shownRows(
  rows: readonly NotableRow[],
  labels: readonly number[],
): Record<NotableRow["kind"], NotableRow[]> {
  const ofKind = (kind: NotableRow["kind"]) =>
    rows
      .filter((row) => row.kind === kind)
      .sort(
        (one, other) =>
          (labels[other.label] ?? 0) - (labels[one.label] ?? 0) ||
          one.label - other.label ||
          one.rank - other.rank ||
          one.row - other.row,
      )
      .slice(0, SHOWN);
  const unsure = ofKind("unsure");
  const seen = new Set(unsure.map(({ row }) => row));
  return {
    unsure,
    contested: ofKind("contested").filter(({ row }) => !seen.has(row)),
    unlabeled: ofKind("unlabeled"),
  };
}
