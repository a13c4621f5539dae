import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv } from "../../lib/tables/read-csv.ts";
import { allOf, pieces, tableOf } from "../support/tables.ts";

const quoted = (cell: string) =>
  /[",\r\n]/.test(cell) || cell === "" ? `"${cell.replaceAll('"', '""')}"` : cell;

describe("reading CSV", () => {
  it("gives cells, the row's own text and its line, past quoted line breaks, blank lines, a byte-order mark and CRLF", async () => {
    const table = await tableOf("a.csv", '\ufeffid,text\r\n1,"a\r\nb"\r\n\r\n2,"say ""hi"""\r\n3,\r\n', 5);
    expect(table.header).toEqual(["id", "text"]);
    expect(await allOf(table)).toEqual({
      rows: [
        { line: 2, raw: '1,"a\r\nb"', values: ["1", "a\r\nb"] },
        { line: 5, raw: '2,"say ""hi"""', values: ["2", 'say "hi"'] },
        { line: 6, raw: "3,", values: ["3", ""] },
      ],
      rejected: [],
    });
  });

  it("rejects a ragged row by its line, and reads on", async () => {
    const { rows, rejected } = await allOf(await tableOf("a.csv", "id,text\n1,a,b\n2\n3,c\n"));
    expect(rows.map(({ line }) => line)).toEqual([4]);
    expect(rejected).toEqual([
      {
        line: 2,
        reason: "ragged",
        message: "found 3 cells. Expected 2, as in the header.",
        excerpt: "1,a,b",
      },
      { line: 3, reason: "ragged", message: "found 1 cells. Expected 2, as in the header.", excerpt: "2" },
    ]);
  });

  it("gives up only the line on which a quote opens that never closes", async () => {
    const { rows, rejected } = await allOf(await tableOf("a.csv", 'id,text\n1,a\n2,"open\n3,c\n4,d', 3));
    expect(rows.map(({ values }) => values)).toEqual([
      ["1", "a"],
      ["3", "c"],
      ["4", "d"],
    ]);
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([[3, "bad-quoting"]]);
  });

  it("tells bytes that are no UTF-8 from a replacement character that stands in the file", async () => {
    const content = Buffer.concat([
      Buffer.from("id,text\n1,caf"),
      Buffer.from([0xe9]),
      Buffer.from("\n2,\ufffd\n"),
    ]);
    const { rows, rejected } = await allOf(await tableOf("a.csv", content, 4));
    expect(rows.map(({ raw }) => raw)).toEqual(["2,\ufffd"]);
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([[2, "bad-utf8"]]);
  });

  it("reads TSV by tabs, with quotes as CSV has them", async () => {
    const table = await tableOf("a.tsv.gz", gzipSync('id\ttext\n1\t"a\tb"\n2\tc, d\n'));
    expect((await allOf(table)).rows.map(({ values }) => values)).toEqual([
      ["1", "a\tb"],
      ["2", "c, d"],
    ]);
  });

  it.each([
    ["an empty file", "", "data/a.csv: this file is empty. Drop a file with a header and rows."],
    [
      "blank lines only",
      "\n\n\n",
      "data/a.csv: this file has no header. Its first line must name the columns.",
    ],
    [
      "a column named twice",
      "a,a\n1,2\n",
      'data/a.csv:1: the header names the column "a" twice. Rename one.',
    ],
    [
      "UTF-16",
      Buffer.from("\ufeffid,text\n", "utf16le"),
      "data/a.csv: this file is UTF-16. Save it as UTF-8.",
    ],
    [
      "gzip without .gz",
      gzipSync("id\n1\n"),
      "data/a.csv: this file is gzipped, and its name does not say so. Add .gz to its name.",
    ],
  ])("refuses %s", async (_name, content, message) => {
    await expect(tableOf("a.csv", content).then(allOf)).rejects.toThrow(message);
  });

  it("refuses a gzip file that ends too early, naming it", async () => {
    const whole = gzipSync(`id,text\n${"1,abcdefgh\n".repeat(10_000)}`);
    await expect(tableOf("a.csv.gz", whole.subarray(0, whole.length - 20)).then(allOf)).rejects.toThrow(
      "data/a.csv.gz: this is not a whole gzip file (unexpected end of file).",
    );
  });

  it("gives back whatever was written, wherever the stream is cut", async () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", ",", '"', "\n", "\r\n", "é", "🙂", " ", "\t"),
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom("\n", "\r\n"),
        async (cells, size, end) => {
          const content = [["x", "y"], ...cells].map((row) => row.map(quoted).join(",")).join(end);
          const { rows, rejected } = await allOf(await readCsv(pieces(content, size), ",", "a.csv"));
          expect(rejected).toEqual([]);
          expect(rows.map(({ values }) => values)).toEqual(cells);
          expect(rows.map(({ raw }) => raw)).toEqual(cells.map((row) => row.map(quoted).join(",")));
        },
      ),
      { numRuns: 200 },
    );
  });
});
