import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellsOf, csvRecords } from "../../lib/tables/csv-records.ts";
import type { TableBatch } from "../../lib/tables/table.ts";
import { allOf, pieces, tableOf } from "../support/tables.ts";

/** All records and rejected rows of some bytes that come in pieces of `size`, in the order of lines. */
async function recordsOf(
  content: string | Uint8Array,
  delimiter: "," | "\t",
  size: number,
): Promise<TableBatch> {
  const all: TableBatch = { rows: [], rejected: [] };
  for await (const batch of csvRecords(pieces(content, size), delimiter)) {
    all.rows.push(...batch.rows);
    all.rejected.push(...batch.rejected);
  }
  all.rejected.sort((one, other) => one.line - other.line);
  return all;
}

describe("quotes that break the rules", () => {
  it.each([
    {
      name: "takes a quote inside of an unquoted cell for text",
      file: "a.csv",
      content: 'id,text\n1,5" pipe\n2,"x"\n',
      values: [
        ["1", '5" pipe'],
        ["2", "x"],
      ],
      rejected: [],
    },
    {
      name: "gives up only the line on which a quoted cell goes on behind its closing quote",
      file: "a.csv",
      content: 'id,text\n1,"open\n2,ok\n3,"fine"\n4,"a "b" c"\n',
      values: [
        ["2", "ok"],
        ["3", "fine"],
      ],
      rejected: [
        {
          line: 2,
          reason: "bad-quoting",
          message:
            'text follows a closing quote. Double the quotes inside of quoted cells (""), and close each quote.',
          excerpt: '1,"open',
        },
        {
          line: 5,
          reason: "bad-quoting",
          message:
            'text follows a closing quote. Double the quotes inside of quoted cells (""), and close each quote.',
          excerpt: '4,"a "b" c"',
        },
      ],
    },
    {
      name: "takes them for text in TSV",
      file: "a.tsv",
      content: 'id\ttext\n1\t"open\n2\t"so" he said\n3\t"quoted\tcell"\n',
      values: [
        ["1", '"open'],
        ["2", '"so" he said'],
        ["3", "quoted\tcell"],
      ],
      rejected: [],
    },
  ])("$name", async ({ file, content, values, rejected }) => {
    const found = await allOf(await tableOf(file, content));
    expect(found.rows.map((row) => row.values)).toEqual(values);
    expect(found.rejected).toEqual(rejected);
  });
});

describe("header", () => {
  it("may stand alone, and may have one column without a name", async () => {
    const table = await tableOf("a.csv", "\n,text\n");
    expect(table.header).toEqual(["", "text"]);
    expect(await allOf(table)).toEqual({ rows: [], rejected: [] });
  });

  it.each([
    {
      content: "id,text\r1,a\r2,b\r",
      message: "data/a.csv:1: lines end in a lone carriage return. Save the file with LF or CRLF.",
    },
    {
      content: Buffer.from("id,\xe9\n1,2\n", "latin1"),
      message: "data/a.csv:1: the header cannot be read: the row is not UTF-8. Save the file as UTF-8.",
    },
  ])("is refused: $message", async ({ content, message }) => {
    await expect(tableOf("a.csv", content)).rejects.toThrow(message);
  });
});

describe("whatever the bytes", () => {
  const piece = fc.constantFrom("a", ",", "\t", '"', "\n", "\r\n", "\r", "\xff", '","', "\n1,2\n", "é");
  const bytes = fc.array(piece, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(""), "latin1"));
  const delimiter = fc.constantFrom("," as const, "\t" as const);

  it("the outcome does not depend on where the stream is cut, and no line is used twice", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, delimiter, fc.integer({ min: 1, max: 20 }), async (content, by, size) => {
        const whole = await recordsOf(content, by, 1_000);
        expect(await recordsOf(content, by, size)).toEqual(whole);
        const lines = [...whole.rows, ...whole.rejected].map(({ line }) => line);
        expect(new Set(lines).size).toBe(lines.length);
      }),
      { numRuns: 500 },
    );
  });

  it("records that are read again have the same cells", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, delimiter, async (content, by) => {
        const { rows } = await recordsOf(Buffer.concat([content, Buffer.from("\n")]), by, 1_000);
        const again = cellsOf(
          rows.map(({ raw }) => raw),
          by,
        );
        expect(again).toEqual(rows.map(({ values }) => values));
      }),
      { numRuns: 500 },
    );
  });
});
