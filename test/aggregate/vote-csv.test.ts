import { describe, expect, it } from "vitest";
import { readCsvVotes } from "../../lib/aggregate/vote-csv.ts";

async function* recordsOf(...lines: string[]) {
  yield lines.map((line) => line.split(","));
}

describe("readCsvVotes", () => {
  it("takes class names in alphabetical order, and gold from the column `label`", async () => {
    const records = recordsOf("urgent,label,free", "spam,spam,", " ham ,spam,-1", ",ham,spam");
    expect(await readCsvVotes(records, "v.csv")).toEqual({
      classes: ["ham", "spam"],
      programs: ["urgent", "free"],
      columns: [Int8Array.of(1, 0, -1), Int8Array.of(-1, -1, 1)],
      labels: Int8Array.of(1, 1, 0),
    });
  });

  it("takes indices where all cells are such", async () => {
    expect(await readCsvVotes(recordsOf("a,b", "2,0", ",-1"), "v.csv")).toEqual({
      classes: ["0", "1", "2"],
      programs: ["a", "b"],
      columns: [Int8Array.of(2, -1), Int8Array.of(0, -1)],
    });
  });

  it.each([
    { name: "names", records: () => recordsOf("a,b", "spam,ham") },
    { name: "indices", records: () => recordsOf("a,b", "1,0") },
  ])("takes $name of given classes", async ({ records }) => {
    expect(await readCsvVotes(records(), "v.csv", ["ham", "spam", "scam"])).toEqual({
      classes: ["ham", "spam", "scam"],
      programs: ["a", "b"],
      columns: [Int8Array.of(1), Int8Array.of(0)],
    });
  });

  it("keeps thousands of rows", async () => {
    const lines = Array.from({ length: 5_000 }, (_, row) => (row % 2 === 0 ? "x,y" : "y,x"));
    const { columns } = await readCsvVotes(recordsOf("a,b", ...lines), "v.csv");
    expect(columns).toEqual([
      Int8Array.from({ length: 5_000 }, (_, row) => row % 2),
      Int8Array.from({ length: 5_000 }, (_, row) => 1 - (row % 2)),
    ]);
  });

  it.each([
    {
      name: "an empty file",
      lines: [],
      message: "v.csv: found no header. The first line names the programs.",
    },
    {
      name: "no rows",
      lines: ["a,b"],
      message: "v.csv: found no rows. Expected one or more.",
    },
    {
      name: "a short row",
      lines: ["a,b", "x,y", "x"],
      message:
        "v.csv: row 2: found 1 cells under 2 column names. Leave the cell of a program that abstains empty.",
    },
    {
      name: "a program twice",
      lines: ["a,a", "x,y"],
      message: 'v.csv: header: found "a" twice. Each needs a name of its own.',
    },
    {
      name: "NaN among names",
      lines: ["a,b", "x,y", "nan,y"],
      message:
        'v.csv: row 2, column "a": found "nan". Expected indices of classes in all cells, or names in all; an empty cell, or −1, abstains. Take out columns that are no votes, such as an id.',
    },
    {
      name: "a fraction",
      lines: ["a,b", "0,1", "1,0.5"],
      message:
        'v.csv: row 2, column "b": found "0.5". Expected indices of classes in all cells, or names in all; an empty cell, or −1, abstains. Take out columns that are no votes, such as an id.',
    },
    {
      name: "names among indices",
      lines: ["a,b", "0,1", "1,spam"],
      message:
        'v.csv: row 2, column "b": found "spam". Expected indices of classes in all cells, or names in all; an empty cell, or −1, abstains. Take out columns that are no votes, such as an id.',
    },
    {
      name: "cells behind semicolons",
      lines: ["a;b", "x;y"],
      message: 'v.csv: header: the cells seem to be separated by ";": CSV needs commas, TSV tabs.',
    },
    {
      name: "one program",
      lines: ["a", "x", "y"],
      message: "v.csv: found votes of one program. A label model compares programs: give two or more.",
    },
    {
      name: "a column of texts",
      lines: ["a,text", ...Array.from({ length: 500 }, (_, row) => `x,text ${row}`)],
      message:
        'v.csv: column "text": row 400 has "text 399" after 400 different cells; there are 200 classes at most. Remove columns that are no votes.',
    },
  ])("refuses $name", async ({ lines, message }) => {
    await expect(readCsvVotes(recordsOf(...lines), "v.csv")).rejects.toMatchObject({
      code: "invalid-input",
      message,
    });
  });

  it("refuses a cell that is none of the given classes", async () => {
    await expect(readCsvVotes(recordsOf("a,b", "x,z"), "v.csv", ["x", "y"])).rejects.toMatchObject({
      message:
        'v.csv: row 1, column "b": found "z". Expected the name or the index of one of 2 classes; an empty cell, or −1, abstains. Take out columns that are no votes, such as an id.',
    });
  });
});
