import type { SchemaElement } from "hyparquet";
import { describe, expect, it } from "vitest";
import { packParquet, parquetRows, writeParquet } from "../../lib/tables/parquet-rows.ts";

const ROOT: SchemaElement = { name: "root", num_children: 1 };
const optional = (element: Partial<SchemaElement>): SchemaElement[] => [
  ROOT,
  { name: "c", repetition_type: "OPTIONAL", ...element },
];
const text = { type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" } as const;
const integer = { type: "INT32", repetition_type: "OPTIONAL" } as const;
const listOf = (...element: SchemaElement[]): SchemaElement[] => [
  ...optional({ converted_type: "LIST", num_children: 1 }),
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  ...element,
];
const file = (schema: SchemaElement[], values: unknown[]) =>
  writeParquet({ schema, columns: new Map([["c", values]]) });

/** What a reader sees of dates finer than a millisecond is a Date that remembers them. */
const exact = (milliseconds: number, value: bigint) =>
  Object.assign(new Date(milliseconds), { exact: value });

describe("columns come back as they were", () => {
  const timestamp = (unit: "MICROS" | "NANOS") =>
    optional({ type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit } });
  it.each<{ name: string; schema: SchemaElement[]; values: unknown[]; read?: unknown[] }>([
    { name: "text", schema: optional(text), values: ["a", "\ufeffb", "", "😀", null] },
    {
      name: "text that is not UTF-8",
      schema: optional(text),
      values: [new Uint8Array([0xff, 0x41]), "a"],
    },
    { name: "bytes", schema: optional({ type: "BYTE_ARRAY" }), values: [new Uint8Array([0xff]), null] },
    {
      name: "JSON, as its text",
      schema: optional({ type: "BYTE_ARRAY", converted_type: "JSON" }),
      values: ['{"b": 1.0, "a":12345678901234567890}', null],
    },
    { name: "64-bit integers", schema: optional({ type: "INT64" }), values: [2n ** 63n - 1n, -(2n ** 63n)] },
    {
      name: "unsigned 64-bit integers",
      schema: optional({ type: "INT64", converted_type: "UINT_64" }),
      values: [2n ** 64n - 1n, 0n, null],
    },
    { name: "doubles", schema: optional({ type: "DOUBLE" }), values: [0.1, -0, 0, Number.NaN, -Infinity] },
    { name: "booleans", schema: optional({ type: "BOOLEAN" }), values: [true, false, null] },
    {
      name: "days",
      schema: optional({ type: "INT32", converted_type: "DATE" }),
      values: [new Date(-86_400_000), null],
    },
    {
      name: "microseconds",
      schema: timestamp("MICROS"),
      values: [1_234_567n, null],
      read: [exact(1_234, 1_234_567n), null],
    },
    { name: "nanoseconds", schema: timestamp("NANOS"), values: [1_234_567n], read: [exact(1, 1_234_567n)] },
    {
      name: "decimals, as the nearest number",
      schema: optional({ type: "INT64", converted_type: "DECIMAL", precision: 15, scale: 2 }),
      values: [1_999n, -5n, null],
      read: [19.99, -0.05, null],
    },
    {
      name: "lists",
      schema: listOf({ name: "element", ...integer }),
      values: [[1, null], [], [null], null],
    },
    {
      name: "lists of groups",
      schema: listOf(
        { name: "element", repetition_type: "OPTIONAL", num_children: 2 },
        { name: "a", ...integer },
        { name: "b", ...text },
      ),
      values: [[{ a: 1, b: null }], [], null],
    },
    {
      name: "maps",
      schema: [
        ...optional({ converted_type: "MAP", num_children: 1 }),
        { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
        { name: "key", ...text, repetition_type: "REQUIRED" },
        { name: "value", ...integer },
      ],
      values: [{ x: 1, y: null }, {}, null],
    },
  ])("$name", async ({ schema, values, read = values }) => {
    const original = file(schema, values);
    const rows = await parquetRows(original);
    expect(rows.columns.get("c")).toEqual(read);
    const packed = await packParquet(rows, "data/a.parquet");
    expect(Buffer.from(packed).equals(original)).toBe(true);
  });

  it("integers of a given width are annotated so that every reader knows them", async () => {
    const schema = optional({
      type: "INT32",
      logical_type: { type: "INTEGER", bitWidth: 8, isSigned: false },
    });
    const rows = await parquetRows(file(schema, [255, null]));
    expect(rows.columns.get("c")).toEqual([255, null]);
    expect(rows.schema[1]).toMatchObject({ converted_type: "UINT_8", logical_type: undefined });
  });
});

describe("columns that would not come back are refused by name", () => {
  it.each<{ name: string; schema: SchemaElement[]; values: unknown[]; problem: string }>([
    {
      name: "timestamps of type INT96",
      schema: optional({ type: "INT96" }),
      values: [new Date(0)],
      problem: "values of type INT96 cannot be written back",
    },
    {
      name: "long decimals",
      schema: optional({ type: "INT64", converted_type: "DECIMAL", precision: 18, scale: 2 }),
      values: [1.5],
      problem: "decimals of more than 15 digits cannot be written back",
    },
    {
      name: "moments that no Date holds",
      schema: optional({ type: "INT64", converted_type: "TIMESTAMP_MILLIS" }),
      values: [new Date(Number.NaN)],
      problem:
        "it cannot be written back (The number NaN cannot be converted to a BigInt because it is not an integer)",
    },
  ])("$name", async ({ schema, values, problem }) => {
    await expect(
      packParquet({ schema, columns: new Map([["c", values]]) }, "data/a.parquet"),
    ).rejects.toThrow(
      `data/a.parquet: column "c": ${problem}. Set output.format to jsonl, or leave the column out of the file.`,
    );
  });
});
