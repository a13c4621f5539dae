import { describe, expect, it } from "vitest";
import { allOf, tableOf } from "../support/tables.ts";

describe("large rows", () => {
  it("CSV passes a cell of 10 MB and rejects a record beyond 16 MiB", async () => {
    const large = "x".repeat(10_000_000);
    const { rows, rejected } = await allOf(
      await tableOf("a.csv", `id,text\n1,${large}\n2,"${large}${large}\n3,c\n`),
    );
    expect(rows.map(({ values }) => String(values[1 as never]).length)).toEqual([10_000_000, 1]);
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([[3, "too-large"]]);
  });

  it("CSV gives up only the line on which a quote opens that does not close within 16 MiB", async () => {
    const lines = `2,${"x".repeat(1_000)}\n`.repeat(18_000);
    const { rows, rejected } = await allOf(await tableOf("a.csv", `id,text\n1,"open\n${lines}`));
    expect(rows.length).toBe(18_000);
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([[2, "bad-quoting"]]);
  });

  it("JSONL rejects a line beyond 16 MiB without holding it", async () => {
    const { rows, rejected } = await allOf(
      await tableOf("a.jsonl", `{"a":1}\n{"a":"${"x".repeat(17 * 1024 * 1024)}"}\n{"a":2}\n`),
    );
    expect(rows.map(({ line }) => line)).toEqual([1, 3]);
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([[2, "too-large"]]);
  });
});
