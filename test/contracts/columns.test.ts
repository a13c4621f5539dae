import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Column,
  packBlocks,
  packColumns,
  packStrings,
  unpackBlocks,
  unpackColumns,
  unpackStrings,
} from "../../lib/contracts/columns.ts";

describe("blocks of a shard", () => {
  it("give strings back as they were, whatever their script, and replace lone surrogates", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 50 })), (values) => {
        expect(unpackStrings(packStrings(values), values.length)).toEqual(
          values.map((value) => value.toWellFormed()),
        );
      }),
    );
    expect(unpackStrings(packStrings(["a\ud800b"]), 1)).toEqual(["a\ufffdb"]);
  });

  it("give columns back with their kinds, and equal columns give equal bytes", () => {
    const columns: Column[] = [
      { name: "text", kind: "text", values: ["ä", "", "🙂🙂"] },
      { name: "__proto__", kind: "number", values: Float64Array.of(1.5, Number.NaN, -0) },
      { name: "j", kind: "json", values: ["null", "[1]", '"x"'] },
    ];
    expect(unpackColumns(packColumns(columns, 3))).toEqual({ rows: 3, columns });
    expect(packColumns(structuredClone(columns), 3)).toEqual(packColumns(columns, 3));
  });

  it("refuse bytes that end too early", () => {
    const whole = packBlocks([new Uint8Array([1, 2, 3])]);
    for (let end = 1; end < whole.length; end++) {
      expect(() => unpackBlocks(whole.subarray(0, end))).toThrow("A block file is damaged");
    }
  });
});
