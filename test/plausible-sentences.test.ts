import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "..", "examples", "plausible-sentences");

describe("the example plausible-sentences", () => {
  it("has each sentence's words in the other class too, so that no word tells", () => {
    const [, ...lines] = readFileSync(join(folder, "data/sentences.csv"), "utf8").trimEnd().split("\n");
    const rows = lines
      .map((line) => line.split(","))
      .map(([id, ...rest]) => ({ id, text: rest.slice(0, -1).join(), label: rest.at(-1) }));
    const wordsOf = (text: string) => (text.toLowerCase().match(/[a-z]+/g) ?? []).sort().join(" ");
    const pairs = Map.groupBy(rows, ({ text }) => wordsOf(text));
    expect(rows).toHaveLength(240);
    expect(new Set(rows.map(({ text }) => text)).size).toBe(240);
    expect([...pairs.values()].map((pair) => pair.map(({ label }) => label).sort())).toEqual(
      Array.from({ length: 120 }, () => ["implausible", "plausible"]),
    );
  });
});
