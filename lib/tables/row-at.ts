import { textAt } from "./append-texts.ts";
import { cellsOf } from "./csv-records.ts";
import type { RawRows } from "./raw-rows.ts";

/** One row of a shard, by column; the others are not parsed. `header` holds the columns of the whole file. */
export function rowAt(rows: RawRows, header: readonly string[], index: number): Record<string, unknown> {
  if (rows.kind === "parquet") {
    return Object.fromEntries(header.map((name) => [name, rows.rows.columns.get(name)?.[index]]));
  }
  const text = textAt(rows.texts, index);
  if (rows.kind === "jsonl") return JSON.parse(text) as Record<string, unknown>;
  const [cells] = cellsOf([text], rows.kind === "tsv" ? "\t" : ",");
  return Object.fromEntries(header.map((name, column) => [name, cells[column]]));
}
