import { expect, it } from "vitest";
import { additionColumns, assertNoClash } from "../../lib/tables/additions.ts";

it.each([
  { format: "csv", columns: ["y", "y_confidence", "y_source", "y_p_spam", "y_p_ham"] },
  { format: "tsv", columns: ["y", "y_confidence", "y_source", "y_p_spam", "y_p_ham"] },
  { format: "jsonl", columns: ["y"] },
  { format: "parquet", columns: ["y"] },
] as const)("adds $columns to $format", ({ format, columns }) => {
  expect(additionColumns(format, "y", ["spam", "ham"])).toEqual(columns);
});

it("refuses a file that has such a column, with the remedy", () => {
  expect(() => assertNoClash(["id", "y_p_ham"], ["y", "y_p_spam", "y_p_ham"], "mail.csv")).toThrow(
    'data/mail.csv: this file has a column "y_p_ham" already, which the labels would be written over. Set output.name in task.yaml to another name, or rename the column.',
  );
});

it("lets a file pass that has none", () => {
  expect(assertNoClash(["id", "y_p_eggs"], ["y", "y_p_spam"], "mail.csv")).toBeUndefined();
});
