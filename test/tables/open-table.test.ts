import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { formatOf } from "../../lib/tables/table-format.ts";
import { allOf, tableOf } from "../support/tables.ts";

const valuesOf = async (file: string, content: Uint8Array | string, size?: number) =>
  (await allOf(await tableOf(file, content, size))).rows.map(({ line, values }) => [line, values]);

describe("file names", () => {
  it.each([
    { file: "emails.csv", expected: { name: "emails", format: "csv", gzipped: false } },
    { file: "emails.CSV.GZ", expected: { name: "emails", format: "csv", gzipped: true } },
    { file: "a.b.tsv", expected: { name: "a.b", format: "tsv", gzipped: false } },
    { file: "rows.jsonl.gz", expected: { name: "rows", format: "jsonl", gzipped: true } },
    { file: "rows.ndjson", expected: { name: "rows", format: "jsonl", gzipped: false } },
    { file: "rows.parquet", expected: { name: "rows", format: "parquet", gzipped: false } },
  ])("read $file", ({ file, expected }) => {
    expect(formatOf(file)).toEqual(expected);
  });

  it.each(["emails.xlsx", ".csv", "emails.gz", ".zip"])("refuse %s", (file) => {
    expect(() => formatOf(file)).toThrow(
      `data/${file}: this name says no format that can be read. Expected .csv, .tsv, .jsonl or .parquet, each also with .gz behind it; of pictures .zip, .tar or .tar.gz.`,
    );
  });
});

describe("gzip", () => {
  it("may have several members", async () => {
    const content = Buffer.concat([gzipSync('{"a":1}\n{"a'), gzipSync('":2}\n')]);
    expect(await valuesOf("a.jsonl.gz", content, 3)).toEqual([
      [1, { a: 1 }],
      [2, { a: 2 }],
    ]);
  });

  it("is refused where it is damaged", async () => {
    const content = gzipSync("id,text\n1,a\n");
    content[content.length - 8] ^= 1; // The checksum.
    await expect(valuesOf("a.csv.gz", content)).rejects.toThrow(
      "data/a.csv.gz: this is not a whole gzip file (incorrect data check). Upload it again, or unpack it and drop the plain file.",
    );
  });

  it("is refused where it holds nothing", async () => {
    await expect(valuesOf("a.csv.gz", gzipSync(""))).rejects.toThrow("data/a.csv.gz: this file is empty.");
  });
});

describe("Parquet", () => {
  const content = new Uint8Array(
    parquetWriteBuffer({
      rowGroupSize: 2,
      columnData: [
        { name: "id", type: "STRING", data: ["a", "b", "c", "d", "e"] },
        { name: "n", type: "INT32", data: [1, null, 3, 4, 5] },
      ],
    }),
  );
  const rows = [
    [1, ["a", 1]],
    [2, ["b", null]],
    [3, ["c", 3]],
    [4, ["d", 4]],
    [5, ["e", 5]],
  ];

  it("is read by ranges, with a row's number as its line", async () => {
    const table = await tableOf("a.parquet", content, 7);
    expect(table.header).toEqual(["id", "n"]);
    expect(await valuesOf("a.parquet", content, 7)).toEqual(rows);
  });

  it("may be gzipped", async () => {
    expect(await valuesOf("a.parquet.gz", gzipSync(content))).toEqual(rows);
  });

  it.each([
    { content: "", message: "data/a.parquet: this file is empty." },
    { content: "id,text\n1,a\n", message: "data/a.parquet: this is not a whole Parquet file" },
    { content: content.subarray(0, -20), message: "data/a.parquet: this is not a whole Parquet file" },
  ])("is refused: $message", async ({ content: damaged, message }) => {
    await expect(valuesOf("a.parquet", damaged)).rejects.toThrow(message);
  });

  it("names the rows that cannot be read", async () => {
    const damaged = Buffer.from(content);
    damaged.fill(0xff, 4, 40);
    await expect(valuesOf("a.parquet", damaged)).rejects.toThrow(
      "data/a.parquet: rows 1 to 2 cannot be read:",
    );
  });
});
