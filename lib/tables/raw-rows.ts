import type { SchemaElement } from "hyparquet";
import { packBlocks, packStrings, unpackBlocks } from "../contracts/columns.ts";
import { jsonBytes } from "../contracts/objects.ts";
import type { PackedTexts } from "./append-texts.ts";
import { type ParquetRows, packParquet, parquetRows } from "./parquet-rows.ts";
import type { ParquetTable } from "./read-parquet.ts";
import type { Table, TableRow } from "./table.ts";
import type { TableFormatName } from "./table-format.ts";

/** How a shard keeps its rows: as the text they had, or as a small Parquet file. */
export type RawKind = "csv" | "tsv" | "jsonl" | "parquet";

/** Rows as a shard keeps them, read back. */
export type RawRows =
  | { kind: "csv" | "tsv" | "jsonl"; texts: PackedTexts }
  | { kind: "parquet"; rows: ParquetRows };

/** Parquet rows that are to become text are kept as JSON; all others in the form they came in. */
export const rawKind = (input: TableFormatName, output: TableFormatName): RawKind =>
  input === "parquet" && output !== "parquet" ? "jsonl" : input;

/** The rows of a shard as bytes. @throws InvalidInputError naming a Parquet column that cannot be written back */
export async function packRaw(
  kind: RawKind,
  table: Table | ParquetTable,
  rows: readonly TableRow[],
  file: string,
): Promise<Uint8Array> {
  const block =
    kind === "parquet"
      ? await packParquet({ schema: schemaOf(table), columns: columnsOf(table.header, rows) }, file)
      : packStrings(rows.map((row) => row.raw || JSON.stringify(objectOf(table.header, row), jsonValue)));
  return packBlocks([jsonBytes({ kind, rows: rows.length }), block]);
}

/** The inverse of `packRaw`. */
export async function unpackRaw(bytes: Uint8Array): Promise<RawRows> {
  const [head, block] = unpackBlocks(bytes);
  const { kind, rows } = JSON.parse(new TextDecoder().decode(head)) as { kind: RawKind; rows: number };
  return kind === "parquet" ? { kind, rows: await parquetRows(block) } : { kind, texts: { rows, block } };
}

function schemaOf(table: Table | ParquetTable): SchemaElement[] {
  if (!("schema" in table)) throw new TypeError("Only a Parquet table has a schema");
  return table.schema;
}

const columnsOf = (header: readonly string[], rows: readonly TableRow[]) =>
  new Map(
    header.map((name, index) => [name, rows.map(({ values }) => (values as readonly unknown[])[index])]),
  );

const objectOf = (header: readonly string[], { values }: TableRow) =>
  Object.fromEntries(header.map((name, index) => [name, (values as readonly unknown[])[index]]));

/** Values that JSON has no form for: big integers, bytes (as text where they are UTF-8). Dates write themselves. */
export function jsonValue(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return textOfBytes(value);
  return value;
}

/** Bytes as the text they are, or in base64. */
export function textOfBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString("base64");
  }
}
