import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJsonl } from "../../lib/tables/read-jsonl.ts";
import { allOf, pieces, tableOf } from "../support/tables.ts";

describe("reading JSONL", () => {
  it("gives each object with its own text and line, and the columns met so far", async () => {
    const table = await tableOf(
      "a.jsonl",
      '\ufeff{"id":1, "text":"a"}\r\n\r\n {"id":12345678901234567890,"more":null}',
      6,
    );
    expect((await allOf(table)).rows.map(({ line, raw }) => [line, raw])).toEqual([
      [1, '{"id":1, "text":"a"}'],
      [3, '{"id":12345678901234567890,"more":null}'],
    ]);
    expect(table.header).toEqual(["id", "text", "more"]);
  });

  it("reads own fields only", async () => {
    const table = await tableOf("a.jsonl", '{"id":1}\n{"__proto__":5}\n');
    const { rows } = await allOf(table);
    expect(rows.map(table.reader("toString"))).toEqual([undefined, undefined]);
    expect(rows.map(table.reader("__proto__"))).toEqual([undefined, 5]);
  });

  it("rejects lines that are no object, by line", async () => {
    const content = Buffer.concat([
      Buffer.from('{"a":1}\n[1]\nnull\n{"a":\n"x"\n'),
      Buffer.from([0xff, 0x0a]),
      Buffer.from('{"a":2}'),
    ]);
    const { rows, rejected } = await allOf(await tableOf("a.jsonl", content));
    expect(rows.map(({ line }) => line)).toEqual([1, 7]);
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [2, "bad-json"],
      [3, "bad-json"],
      [4, "bad-json"],
      [5, "bad-json"],
      [6, "bad-utf8"],
    ]);
  });

  it("gives back whatever was written, wherever the stream is cut", async () => {
    const unit = fc.constantFrom("a", '"', "\\", "\n", "\u2028", "é", "🙂", "\ud800", "}");
    const value = fc.oneof(fc.string({ unit }), fc.double(), fc.constantFrom(true, null, [{}]));
    const object = fc.dictionary(fc.string({ unit, maxLength: 4 }), value, { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { maxLength: 20 }),
        fc.integer({ min: 1, max: 50 }),
        async (objects, size) => {
          const lines = objects.map((one) => JSON.stringify(one));
          const { rows, rejected } = await allOf(readJsonl(pieces(lines.join("\n"), size)));
          expect(rejected).toEqual([]);
          expect(rows.map(({ raw }) => raw)).toEqual(lines);
        },
      ),
    );
  });
});
