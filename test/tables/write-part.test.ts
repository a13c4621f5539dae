import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import type { Addition } from "../../lib/tables/additions.ts";
import { parquetRows } from "../../lib/tables/parquet-rows.ts";
import { packRaw, rawKind, unpackRaw } from "../../lib/tables/raw-rows.ts";
import { formatOf, type TableFormatName } from "../../lib/tables/table-format.ts";
import { writePart } from "../../lib/tables/write-part.ts";
import { allOf, tableOf } from "../support/tables.ts";

const SPAM: Addition = {
  label: "spam",
  confidence: 0.9,
  probabilities: { spam: 0.9, "no, ham": 0.1 },
  votes: { one: "spam", two: null },
  source: "programs",
};
const NONE: Addition = { ...SPAM, label: null, confidence: null, votes: { one: null, two: null } };

/** A file's rows, kept as a shard keeps them and written as a part; the first gets SPAM, all others NONE. */
async function partOf(file: string, content: Uint8Array | string, output: TableFormatName) {
  const table = await tableOf(file, content);
  const { rows } = await allOf(table);
  const raw = await unpackRaw(await packRaw(rawKind(formatOf(file).format, output), table, rows, file));
  return writePart(output, {
    rows: raw,
    header: table.header,
    distinct: [SPAM, NONE],
    which: Uint32Array.from(rows, (_, row) => Math.min(row, 1)),
    name: "pseudolabel",
    classes: ["spam", "no, ham"],
    programs: ["one", "two"],
  });
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const ADDED = JSON.stringify(SPAM);
const ADDED_NONE = JSON.stringify(NONE);

describe("writing a part", () => {
  it("leaves a JSON line as it stood and puts the pseudolabel behind it", async () => {
    const content = '{"id": 1.0, "n":12345678901234567890 }\n{}\n';
    expect(text(await partOf("a.jsonl", content, "jsonl"))).toBe(
      `{"id": 1.0, "n":12345678901234567890,"pseudolabel":${ADDED}}\n{"pseudolabel":${ADDED_NONE}}\n`,
    );
  });

  it("leaves a CSV record as it stood and puts cells behind it", async () => {
    expect(text(await partOf("a.csv", 'id,"te""xt"\n1,"a\nb"\n 2 ,c\n', "csv"))).toBe(
      'id,"te""xt",pseudolabel,pseudolabel_confidence,pseudolabel_source,pseudolabel_p_spam,"pseudolabel_p_no, ham"\n' +
        '1,"a\nb",spam,0.9,programs,0.9,0.1\n 2 ,c,,,programs,0.9,0.1\n',
    );
  });

  it.each([
    [
      "csv to jsonl",
      "a.csv",
      'id,text\n1,"a, b"\n',
      "jsonl",
      `{"id":"1","text":"a, b","pseudolabel":${ADDED}}\n`,
    ],
    [
      "jsonl to csv, with nested values as JSON and absent ones empty",
      "a.jsonl",
      '{"id":1,"text":"a"}\n{"id":2,"tags":["x","y"]}\n',
      "csv",
      'id,text,tags,pseudolabel,pseudolabel_confidence,pseudolabel_source,pseudolabel_p_spam,"pseudolabel_p_no, ham"\n' +
        '1,a,,spam,0.9,programs,0.9,0.1\n2,,"[""x"",""y""]",,,programs,0.9,0.1\n',
    ],
    [
      "tsv to jsonl, with quotes that are text",
      "a.tsv",
      'id\ttext\n1\t"open\n',
      "jsonl",
      `{"id":"1","text":"\\"open","pseudolabel":${ADDED}}\n`,
    ],
    [
      "jsonl to csv, with a column called like a property that every object has",
      "a.jsonl",
      '{"toString":"a"}\n{"id":2}\n',
      "csv",
      'toString,id,pseudolabel,pseudolabel_confidence,pseudolabel_source,pseudolabel_p_spam,"pseudolabel_p_no, ham"\n' +
        "a,,spam,0.9,programs,0.9,0.1\n,2,,,programs,0.9,0.1\n",
    ],
    [
      "tsv to tsv, with a class name that needs no quotes there",
      "a.tsv",
      "id\n1\n",
      "tsv",
      "id\tpseudolabel\tpseudolabel_confidence\tpseudolabel_source\tpseudolabel_p_spam\tpseudolabel_p_no, ham\n" +
        "1\tspam\t0.9\tprograms\t0.9\t0.1\n",
    ],
  ] as const)("turns %s", async (_name, file, content, output, expected) => {
    expect(text(await partOf(file, content, output))).toBe(expected);
  });

  it("keeps Parquet's columns with their types, and adds the pseudolabel as a group", async () => {
    const content = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: "id", data: [1n, 2n ** 60n, null], type: "INT64" },
          { name: "text", data: ["a", "b", null], type: "STRING" },
          { name: "score", data: [1.5, -0, null], type: "DOUBLE" },
          { name: "at", data: [new Date(0), new Date(1_700_000_000_123), null], type: "TIMESTAMP" },
          { name: "bytes", data: [new Uint8Array([0, 255]), new Uint8Array([]), null], type: "BYTE_ARRAY" },
        ],
      }),
    );
    const before = await parquetRows(content);
    const after = await parquetRows(await partOf("a.parquet", content, "parquet"));
    for (const [name, values] of before.columns) expect(after.columns.get(name)).toEqual(values);
    expect(after.schema.slice(1, before.schema.length)).toEqual(before.schema.slice(1));
    expect(after.columns.get("pseudolabel")).toEqual([SPAM, NONE, NONE]);
  });

  it("writes Parquet's values as JSON where text is asked for", async () => {
    const content = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: "id", data: [2n ** 60n], type: "INT64" },
          { name: "at", data: [new Date(0)], type: "TIMESTAMP" },
        ],
      }),
    );
    expect(text(await partOf("a.parquet", content, "jsonl"))).toBe(
      `{"id":"1152921504606846976","at":"1970-01-01T00:00:00.000Z","pseudolabel":${ADDED}}\n`,
    );
  });

  it("makes text columns of CSV where Parquet is asked for", async () => {
    const { columns } = await parquetRows(await partOf("a.csv", "id,text\n1,\n", "parquet"));
    expect([...columns]).toEqual([
      ["id", ["1"]],
      ["text", [""]],
      ["pseudolabel", [SPAM]],
    ]);
  });
});
