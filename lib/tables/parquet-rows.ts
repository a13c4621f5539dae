import { isDeepStrictEqual } from "node:util";
import { type ConvertedType, parquetMetadata, type SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { InvalidInputError } from "../errors.ts";
import { isJson, rowsOf } from "./read-parquet.ts";

/** Columns with the schema that writes them. `schema[0]` is the root; a column may take several elements. */
export interface ParquetRows {
  schema: SchemaElement[];
  /** Column name → values [rows]. */
  columns: ReadonlyMap<string, readonly unknown[]>;
}

/** A Parquet file of these columns. */
export const writeParquet = ({ schema, columns }: ParquetRows): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      schema: schema.map(portable),
      columnData: [...columns].map(([name, values]) => ({ name, data: values.map(writable) })),
    }),
  );

/** The inverse of `writeParquet`. */
export async function parquetRows(bytes: Uint8Array): Promise<ParquetRows> {
  const file = new Uint8Array(bytes).buffer;
  const metadata = parquetMetadata(file);
  const rows = await rowsOf({ file, metadata });
  const names = columnElements(metadata.schema).map(([{ name }]) => name);
  return {
    schema: metadata.schema,
    columns: new Map(names.map((name, index) => [name, rows.map((row) => row[index])])),
  };
}

/**
 * Rows as a small Parquet file, so that their part can be written later without the source.
 *
 * @throws InvalidInputError naming the first column that would not come back as it was
 */
export async function packParquet(rows: ParquetRows, file: string): Promise<Uint8Array> {
  const whole = unwritable(rows.schema) ?? (await writtenAndRead(rows));
  if (whole instanceof Uint8Array) return whole;
  for (const elements of columnElements(rows.schema)) {
    const [{ name }] = elements;
    const schema = [{ name: "root", num_children: 1 }, ...elements];
    const columns = new Map([[name, rows.columns.get(name) ?? []]]);
    const problem = unwritable(schema) ?? (await writtenAndRead({ schema, columns }));
    if (problem instanceof Uint8Array) continue;
    throw new InvalidInputError(
      `${file}: column ${JSON.stringify(name)}`,
      `${problem}. Set output.format to jsonl, or leave the column out of the file.`,
    );
  }
  throw new InvalidInputError(file, `${whole}. Set output.format to jsonl.`);
}

/** What a schema has that cannot be written as it was. */
function unwritable(schema: readonly SchemaElement[]): string | undefined {
  for (const { type, converted_type, logical_type, precision = 0 } of schema) {
    const name = logical_type?.type ?? "";
    if (type === "INT96") return "values of type INT96 cannot be written back";
    if (["VARIANT", "GEOMETRY", "GEOGRAPHY"].includes(name))
      return `values of type ${name} cannot be written back`;
    if (converted_type === "DECIMAL" && precision > 15) {
      return "decimals of more than 15 digits cannot be written back";
    }
  }
}

/** The rows' file, or in words why they would not come back as they were. */
async function writtenAndRead(rows: ParquetRows): Promise<Uint8Array | string> {
  try {
    const bytes = writeParquet(rows);
    const again = await parquetRows(bytes);
    return isDeepStrictEqual(again.columns, rows.columns)
      ? bytes
      : "its values would not come back as they were";
  } catch (cause) {
    return `it cannot be written back (${(cause as Error).message})`;
  }
}

/** The schema's elements, a list a column: itself and what is nested in it. */
export function columnElements(schema: readonly SchemaElement[]): SchemaElement[][] {
  const columns: SchemaElement[][] = [];
  let at = 1;
  const take = (into: SchemaElement[]): void => {
    const element = schema[at];
    at += 1;
    into.push(element);
    for (let child = 0; child < (element.num_children ?? 0); child++) take(into);
  };
  while (at < schema.length) {
    const elements: SchemaElement[] = [];
    take(elements);
    columns.push(elements);
  }
  return columns;
}

/** An element in the one of its equal forms that the writer writes so that every reader can read it. */
function portable(element: SchemaElement): SchemaElement {
  const { logical_type } = element;
  if (isJson(element)) {
    // With the older annotation beside it, text would be written as a JSON string of JSON.
    return { ...element, converted_type: undefined, logical_type: { type: "JSON" } };
  }
  if (logical_type?.type === "INTEGER") {
    // The writer gives `bitWidth` four bytes where the format has one, and Arrow then refuses the file.
    const converted = `${logical_type.isSigned ? "" : "U"}INT_${logical_type.bitWidth}` as ConvertedType;
    return { ...element, converted_type: converted, logical_type: undefined };
  }
  return element;
}

/** Dates finer than a Date's millisecond go back as the integer they were. */
function writable(value: unknown): unknown {
  if (value instanceof Date) return (value as { exact?: bigint }).exact ?? value;
  if (Array.isArray(value)) return value.map(writable);
  if (value !== null && typeof value === "object" && !ArrayBuffer.isView(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, writable(inner)]));
  }
  return value;
}
