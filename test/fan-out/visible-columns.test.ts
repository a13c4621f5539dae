import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { castCell, cellOf, columnsOf, textOf } from "../../lib/fan-out/visible-columns.ts";

describe("a cell of a text format", () => {
  it.each([
    ["", null],
    ["39.1", 39.1],
    ["-0.5e3", -500],
    ["0", 0],
    ["007", "007"],
    ["1e999", "1e999"],
    ["12345678901234567890", "12345678901234567890"],
    ["1,5", "1,5"],
    [" 5", " 5"],
    ["NaN", "NaN"],
    ["true", "true"],
  ])("%j is %j to a record task's programs", (cell, expected) => {
    expect(castCell(cell)).toEqual(expected);
  });

  it("is a number only where the number writes itself as it stood, or as another form of the same number", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (cell) => {
        const cast = castCell(cell);
        if (typeof cast === "number") expect(Number(cell)).toBe(cast);
        else expect(cast).toBe(cell === "" ? null : cell);
      }),
    );
  });
});

describe("a value of JSONL or Parquet", () => {
  it.each([
    [5n, 5],
    [2n ** 60n, "1152921504606846976"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), null],
    [Number.NaN, null],
    [new Uint8Array([0x61]), "a"],
    [new Uint8Array([0xff]), "/w=="],
    [{ a: [1n, undefined] }, { a: [1, null] }],
  ])("%s is %j to programs", (value, expected) => {
    expect(cellOf(value)).toEqual(expected);
  });
});

describe("the text of a row", () => {
  it.each([
    ["a", { text: "a" }],
    [5, { text: "5" }],
    [undefined, { problem: "is no field of this row" }],
    [null, { problem: "is null" }],
    [["a"], { problem: "is a list" }],
    [{}, { problem: "is an object" }],
  ])("of %j is %j", (value, expected) => {
    expect(textOf(value)).toEqual(expected);
  });
});

describe("the columns of a shard", () => {
  it("take the narrowest kind that holds all their values", () => {
    const visible = ["text", "number", "mixed"].map((name) => ({ source: name, name }));
    expect(
      columnsOf(visible, [
        ["a", 1, 1],
        ["b", 2.5, null],
      ]),
    ).toEqual([
      { name: "text", kind: "text", values: ["a", "b"] },
      { name: "number", kind: "number", values: Float64Array.of(1, 2.5) },
      { name: "mixed", kind: "json", values: ["1", "null"] },
    ]);
  });
});
