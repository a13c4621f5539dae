import type { PictureProblem } from "../pictures/picture-problem.ts";

/** A row as it was read. */
export interface TableRow {
  /** Physical line on which the row begins, from 1; of Parquet the row's number, from 1. */
  line: number;
  /** The row's text as it stands in the file, without its line end; empty for Parquet. */
  raw: string;
  /** Cells in the header's order (CSV, TSV, Parquet), or the row's object (JSONL). */
  values: readonly unknown[] | Readonly<Record<string, unknown>>;
}

/** A row that cannot be used, and why. */
export interface RejectedRow {
  line: number;
  reason: "ragged" | "bad-json" | "bad-utf8" | "bad-quoting" | "too-large" | "no-text" | PictureProblem;
  message: string;
  /** How the row begins, at most 200 characters. */
  excerpt: string;
}

export interface TableBatch {
  rows: TableRow[];
  rejected: RejectedRow[];
}

/** A table that is being read, front to back, once. */
export interface Table {
  /** Column names in the file's order. Of JSONL those of the rows read so far: complete when `batches` has ended. */
  header: readonly string[];
  /** Reads one column of a row; undefined where the row has none of that name. */
  reader(column: string): (row: TableRow) => unknown;
  batches: AsyncIterable<TableBatch>;
}

/** A record, cell or line may be this long, in bytes; a longer one is rejected. */
export const MOST_ROW_BYTES = 16 * 1024 * 1024;

export const excerptOf = (text: string): string => text.slice(0, 200).toWellFormed();
