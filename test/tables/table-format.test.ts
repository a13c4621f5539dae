import { expect, it } from "vitest";
import { formatOf } from "../../lib/tables/table-format.ts";

it.each([
  { file: "emails.csv", expected: { name: "emails", format: "csv", gzipped: false } },
  { file: "emails.CSV.GZ", expected: { name: "emails", format: "csv", gzipped: true } },
  { file: "a.b.tsv", expected: { name: "a.b", format: "tsv", gzipped: false } },
  { file: "rows.jsonl.gz", expected: { name: "rows", format: "jsonl", gzipped: true } },
  { file: "rows.ndjson", expected: { name: "rows", format: "jsonl", gzipped: false } },
  { file: "rows.parquet", expected: { name: "rows", format: "parquet", gzipped: false } },
])("reads $file", ({ file, expected }) => {
  expect(formatOf(file)).toEqual(expected);
});

it.each(["emails.xlsx", "emails", ".csv", "emails.gz", "emails.csv.zip", "csv"])("refuses %s", (file) => {
  expect(() => formatOf(file)).toThrow(
    `data/${file}: this name says no format that can be read. Expected .csv, .tsv, .jsonl or .parquet, each also with .gz behind it.`,
  );
});
