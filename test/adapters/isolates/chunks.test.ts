import fc from "fast-check";
import { expect, it } from "vitest";
import { chunksOf } from "../../../lib/adapters/isolates/chunks.ts";
import { type Column, packColumns } from "../../../lib/contracts/columns.ts";

const rowsOf = fc.array(
  fc.record({ text: fc.string({ unit: "grapheme" }), area: fc.double(), any: fc.json() }),
);

const columnsOf = (rows: { text: string; area: number; any: string }[]): Column[] => [
  { name: "text", kind: "text", values: rows.map(({ text }) => text) },
  { name: "area", kind: "number", values: Float64Array.from(rows, ({ area }) => area) },
  { name: "any", kind: "json", values: rows.map(({ any }) => any) },
];

it("brings every row once, in order, whatever the bounds", () => {
  fc.assert(
    fc.property(
      rowsOf,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 99 }),
      (rows, mostRows, mostBytes) => {
        const columns = columnsOf(rows);
        const block = packColumns(columns, rows.length);
        // A copy of each, for the numbers of the next come where its own were.
        const chunks = Array.from(chunksOf(block, mostRows, mostBytes), (chunk) => structuredClone(chunk));
        expect(columns.map((_, index) => chunks.flatMap((chunk) => [...chunk.columns[index]]))).toEqual(
          columns.map(({ values }) => [...values]),
        );
        expect(chunks.every((chunk) => chunk.rows > 0 && chunk.rows <= mostRows)).toBe(true);
      },
    ),
  );
});

it("keeps to the bound on bytes, unless a single row is longer", () => {
  const values = ["aaaa", "bbbb", "cccccccccccc", "d", "e", "f"];
  const block = packColumns([{ name: "text", kind: "text", values }], values.length);
  expect([...chunksOf(block, 100, 8)].map(({ columns }) => columns[0])).toEqual([
    ["aaaa"],
    ["bbbb"],
    ["cccccccccccc"],
    ["d", "e", "f"],
  ]);
});
