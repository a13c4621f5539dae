import { expect, it } from "vitest";
import { unpackColumns } from "../../lib/contracts/columns.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { sampleRows } from "../../lib/fan-out/sample-rows.ts";
import { memoryStore } from "../support/memory-store.ts";
import { taskOf } from "../support/tasks.ts";

const key = (file: string) => keys.data(taskOf().name, FileName.parse(file));
const wanted = { rows: 3, seed: 7 };

it("draws usable rows of the first table, by name and packed alike, and never their gold", async () => {
  const task = taskOf({ input: { text: "body", label: "gold", columns: ["n"] } });
  const lines = Array.from({ length: 8 }, (_, n) => ({
    body: n === 2 ? null : `text ${n}`,
    n,
    gold: "spam",
  }));
  const store = memoryStore({
    [key("a.txt")]: "not a table",
    [key("b.jsonl")]: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    [key("c.csv")]: "body,n,gold\nother,1,ham\n",
  });
  const sample = await sampleRows(task, wanted, store);
  expect(sample?.file).toBe("b.jsonl");
  expect(sample?.values).toHaveLength(3);
  for (const { text, n, ...rest } of sample?.values ?? []) {
    expect({ text, rest }).toEqual({ text: `text ${n}`, rest: {} });
  }
  const { rows, columns } = unpackColumns(sample?.columns ?? new Uint8Array());
  expect(rows).toBe(3);
  expect(columns.map(({ name, values }) => [name, [...values]])).toEqual(
    ["text", "n"].map((name) => [name, sample?.values.map((values) => values[name])]),
  );
  expect(await sampleRows(task, wanted, store)).toEqual(sample);
});

it("finds nothing where no table can be read without unpacking it first", async () => {
  expect(await sampleRows(taskOf(), wanted, memoryStore({ [key("a.parquet.gz")]: "" }))).toBeUndefined();
});
