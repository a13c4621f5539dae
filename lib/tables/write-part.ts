import type { SchemaElement } from "hyparquet";
import { type Addition, additionColumns } from "./additions.ts";
import { appendTexts, packTexts, unpackTexts } from "./append-texts.ts";
import { cellsOf } from "./csv-records.ts";
import { columnElements, writeParquet } from "./parquet-rows.ts";
import { jsonValue, type RawRows } from "./raw-rows.ts";
import type { TableFormatName } from "./table-format.ts";

/** A shard's rows and what is added to each. */
export interface Part {
  rows: RawRows;
  /** All columns of the whole file, in its order. */
  header: readonly string[];
  /** The distinct additions, and [rows] which of them each row gets. */
  distinct: readonly Addition[];
  which: Uint32Array;
  /** Name of the added column, or the beginning of its name. */
  name: string;
  classes: readonly string[];
  programs: readonly string[];
}

/** One output file: the shard's rows as they came, and behind them what is added. */
export function writePart(format: TableFormatName, part: Part): Uint8Array {
  switch (format) {
    case "jsonl":
      return jsonlPart(part);
    case "csv":
      return delimitedPart(part, ",", "csv");
    case "tsv":
      return delimitedPart(part, "\t", "tsv");
    case "parquet":
      return parquetPart(part);
  }
}

function jsonlPart({ rows, header, distinct, which, name }: Part): Uint8Array {
  const texts =
    rows.kind === "jsonl"
      ? rows.texts
      : packTexts(objectsOf(rows, header).map((row) => JSON.stringify(row, jsonValue)));
  const additions = distinct.map((addition) => `${JSON.stringify(name)}:${JSON.stringify(addition)}}\n`);
  return appendTexts(texts, additions, which, { isObject: true });
}

function delimitedPart(part: Part, delimiter: string, kind: "csv" | "tsv"): Uint8Array {
  const { rows, header, distinct, which, name, classes } = part;
  const line = (cells: readonly unknown[]) =>
    cells.map((cell) => delimitedCell(cell, delimiter)).join(delimiter);
  const texts =
    rows.kind === kind
      ? rows.texts
      : packTexts(objectsOf(rows, header).map((row) => line(header.map((column) => cellOf(row, column)))));
  const additions = distinct.map(
    ({ label, confidence, source, probabilities }) =>
      `${delimiter}${line([label, confidence, source, ...classes.map((one) => probabilities[one])])}\n`,
  );
  const head = `${line([...header, ...additionColumns(kind, name, classes)])}\n`;
  return appendTexts(texts, additions, which, { head });
}

function parquetPart(part: Part): Uint8Array {
  const { rows, header, distinct, which, name } = part;
  const own =
    rows.kind === "parquet"
      ? rows.rows
      : { schema: textSchema(header), columns: textColumns(header, objectsOf(rows, header)) };
  const columns = new Map(own.columns);
  columns.set(
    name,
    Array.from(which, (index) => distinct[index]),
  );
  const elements = [...columnElements(own.schema), additionSchema(part)];
  return writeParquet({
    schema: [{ name: "root", num_children: elements.length }, ...elements.flat()],
    columns,
  });
}

/** `pseudolabel` as a group: the label, its confidence, a probability a class, a vote a program, the source. */
function additionSchema({ name, classes, programs }: Part): SchemaElement[] {
  const text = (of: string): SchemaElement => ({
    name: of,
    type: "BYTE_ARRAY",
    converted_type: "UTF8",
    repetition_type: "OPTIONAL",
  });
  const number = (of: string): SchemaElement => ({ name: of, type: "DOUBLE", repetition_type: "OPTIONAL" });
  const group = (of: string, members: SchemaElement[], children = members.length): SchemaElement[] => [
    { name: of, repetition_type: "OPTIONAL", num_children: children },
    ...members,
  ];
  const probabilities = group("probabilities", classes.map(number));
  const votes = group("votes", programs.map(text));
  return group(name, [text("label"), number("confidence"), ...probabilities, ...votes, text("source")], 5);
}

const textSchema = (header: readonly string[]): SchemaElement[] => [
  { name: "root", num_children: header.length },
  ...header.map(
    (name): SchemaElement => ({
      name,
      type: "BYTE_ARRAY",
      converted_type: "UTF8",
      repetition_type: "OPTIONAL",
    }),
  ),
];

const textColumns = (header: readonly string[], rows: readonly Record<string, unknown>[]) =>
  new Map(
    header.map((name) => [
      name,
      rows.map((row) => {
        const value = cellOf(row, name) ?? null;
        return value === null ? null : cellText(value);
      }),
    ]),
  );

/** Rows as objects, parsed from the text they were kept in. */
function objectsOf(rows: RawRows, header: readonly string[]): Record<string, unknown>[] {
  if (rows.kind === "jsonl")
    return unpackTexts(rows.texts).map((text) => JSON.parse(text) as Record<string, unknown>);
  const byRow = (cells: readonly (readonly unknown[])[]) =>
    cells.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index]])));
  if (rows.kind === "parquet") {
    const columns = header.map((name) => rows.rows.columns.get(name) ?? []);
    return byRow(Array.from(columns[0] ?? [], (_, row) => columns.map((values) => values[row])));
  }
  return byRow(cellsOf(unpackTexts(rows.texts), rows.kind === "tsv" ? "\t" : ","));
}

/** A column called like a property that every object has is no column of a row that lacks it. */
export const cellOf = (row: Record<string, unknown>, column: string): unknown =>
  Object.hasOwn(row, column) ? row[column] : undefined;

/** A value as one cell of text. */
export const cellText = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value, jsonValue) ?? "");

/** A cell as RFC 4180 writes it. */
function delimitedCell(value: unknown, delimiter: string): string {
  if (value === null || value === undefined) return "";
  const text = cellText(value);
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
