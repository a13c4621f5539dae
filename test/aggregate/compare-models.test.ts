import { describe, expect, it } from "vitest";
import { compareModels } from "../../lib/aggregate/compare-models.ts";
import { histogramOf } from "../../lib/aggregate/histogram.ts";
import { fitLabelModel } from "../../lib/aggregate/label-model.ts";

const votesOf = (columns: number[][], classes: number) =>
  histogramOf(
    columns.map((column) => Int8Array.from(column)),
    classes,
  );

const compared = (columns: number[][], classes = 2) => {
  const histogram = votesOf(columns, classes);
  return compareModels(histogram, fitLabelModel("majority", histogram));
};

describe("compareModels", () => {
  it("begins with the chosen one, counts rows with a vote only, and takes no tie for another opinion", () => {
    // Row by row: both 0, both 1, a tie, no vote.
    const [majority, ...others] = compared([
      [0, 1, 0, -1],
      [0, 1, 1, -1],
    ]);
    expect(majority).toEqual({ name: "majority", alike: 1, confidence: 0.8333, shares: [0.6667, 0.3333] });
    expect(others.map(({ name }) => name)).toEqual([
      "auto",
      "weighted",
      "dawid-skene",
      "dawid-skene-plain",
      "dawid-skene-ignoring",
      "ibcc",
      "snorkel",
      "triplet",
    ]);
  });

  it("tells how often another model labels otherwise", () => {
    // Two copies outvote the program that is right; whoever counts them once or trusts them less labels otherwise.
    const truth = Array.from({ length: 400 }, (_, row) => row % 2);
    const wrong = truth.map((label, row) => (row % 5 < 2 ? 1 - label : label));
    const right = truth.map((label, row) => (row % 11 === 0 ? 1 - label : label));
    const again = truth.map((label, row) => (row % 13 === 1 ? 1 - label : label));
    const models = compared([wrong, wrong, right, again]);
    const alike = models.flatMap((model) => ("alike" in model ? [model.alike] : []));
    expect(alike[0]).toBe(1);
    expect(Math.min(...alike)).toBeLessThan(1);
    for (const share of alike) expect(share).toBeGreaterThan(0.4);
  });

  it("is nothing where no row has a vote", () => {
    expect(compared([[-1, -1]])).toEqual([]);
  });

  it("leaves models of all pairs out where there are too many, and says so", () => {
    const columns = Array.from({ length: 6 }, (_, program) =>
      Array.from({ length: 300 }, (_, row) => (row * 7 + (row % (program + 2) === 0 ? 1 : 0)) % 100),
    );
    const models = compared(columns, 100);
    const left = models.filter((model) => "problem" in model);
    expect(left.map(({ name }) => name)).toEqual(["auto", "snorkel"]);
  });
});
