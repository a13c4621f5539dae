import type { Column } from "../contracts/columns.ts";
import type { VisibleColumn } from "../contracts/objects.ts";
import { textOfBytes } from "../tables/raw-rows.ts";

/** What a program sees in one cell: JSON, and nothing that only one format knows. */
export type Cell = string | number | boolean | null | Cell[] | { [name: string]: Cell };

/** A number as people write it: `007`, `1e999` and digits beyond a double's precision stay text. */
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?$/;

/** A cell of a text format as a record task's programs see it: empty is null, a plain number is a number. */
export function castCell(cell: string): Cell {
  if (cell === "") return null;
  return NUMBER.test(cell) ? Number(cell) : cell;
}

/** A value of JSONL or Parquet as programs see it: safe big integers are numbers, dates ISO text, bytes text or base64. */
export function cellOf(value: unknown): Cell {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case "object":
      if (value === null) return null;
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
      if (value instanceof Uint8Array) return textOfBytes(value);
      if (Array.isArray(value)) return value.map(cellOf);
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cellOf(inner)]));
    default:
      return null;
  }
}

/** The text of a text task's row, or what stands there instead of one. */
export function textOf(value: unknown): { text: string } | { problem: string } {
  if (typeof value === "string") return { text: value };
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return { text: String(value) };
  if (value instanceof Uint8Array) return { text: textOfBytes(value) };
  if (value === undefined) return { problem: "is no field of this row" };
  return { problem: value === null ? "is null" : `is ${Array.isArray(value) ? "a list" : "an object"}` };
}

/** Cells by row [rows][columns] as the columns of a shard, each in the narrowest kind that holds its values. */
export function columnsOf(visible: readonly VisibleColumn[], rows: readonly Cell[][]): Column[] {
  return visible.map(({ name }, index): Column => {
    let kind: Column["kind"] | undefined;
    for (const row of rows) {
      const cell = row[index];
      // UTF-8 has no lone surrogates, JSON's escapes have.
      const isText = typeof cell === "string" && cell.isWellFormed();
      const fits = isText ? "text" : typeof cell === "number" ? "number" : "json";
      if (kind !== undefined && kind !== fits) kind = "json";
      else kind = fits;
      if (kind === "json") break;
    }
    if (kind === "number")
      return { name, kind, values: Float64Array.from(rows, (row) => row[index] as number) };
    if (kind === "json") return { name, kind, values: rows.map((row) => JSON.stringify(row[index])) };
    return { name, kind: "text", values: rows.map((row) => row[index] as string) };
  });
}
