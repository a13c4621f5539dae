import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { balanceShift, calibrationOf, calibrator } from "../../lib/aggregate/calibrate.ts";
import { goldOf } from "../../lib/aggregate/gold-file.ts";
import type { Histogram } from "../../lib/aggregate/histogram.ts";
import { fitCalibrated, fitLabelModel, posteriorsOf } from "../../lib/aggregate/label-model.ts";
import { aggregateVotes } from "../../lib/aggregate/vote-file.ts";
import { classBalance } from "../../lib/contracts/class-balance.ts";
import { syntheticVotes } from "./synthetic-votes.ts";
import { histogramOfRows, posterior } from "./votes.ts";

interface Fixture {
  K: number;
  M: number;
  patterns: number[][];
  counts: number[];
  dev_gold_counts: number[][];
  posteriors: { auto: number[][]; semi_100: number[][] };
}

const FOLDERS = [
  join(import.meta.dirname, "fixtures"),
  join(import.meta.dirname, "../../../shared/reference/fixtures"),
];
const files = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => join(folder, file)),
);

it.each(files)("pools a hundred gold rows with a label model as the reference does: %s", (path) => {
  const { K, M, patterns, counts, dev_gold_counts, posteriors } = JSON.parse(
    readFileSync(path, "utf8"),
  ) as Fixture;
  const histogram: Histogram = {
    programs: M,
    classes: K,
    patterns: Int8Array.from(patterns.flat()),
    counts: Float64Array.from(counts),
  };
  const before = Float64Array.from(posteriors.auto.flat());
  const gold = calibrationOf(histogram, before, Float64Array.from(dev_gold_counts.flat()));
  const calibrate = calibrator({ gold }, K);
  let worst = 0;
  for (const [index, pattern] of patterns.entries()) {
    const out = Float64Array.from(posteriors.auto[index]);
    calibrate(pattern, out);
    for (const [label, expected] of posteriors.semi_100[index].entries()) {
      worst = Math.max(worst, Math.abs(out[label] - expected));
    }
  }
  expect(worst).toBeLessThan(1e-6);
});

const rows = [...Array(6).fill([0, 0]), ...Array(2).fill([1, 1]), ...Array(2).fill([-1, -1])];
const histogram = histogramOfRows({ programs: 2, classes: 2, rows });

describe("a known class balance", () => {
  it("is what a row without a vote gets", () => {
    const model = fitCalibrated("majority", histogram, { balance: [0.25, 0.75] });
    expect(posterior(model, [-1, -1])).toEqual([0.25, 0.75]);
  });

  // Three quarters of the votes are for the first class: factors √(1/4 / 3/4) and √(3/4 / 1/4), which is 1 to 3.
  it("moves the others half of the way", () => {
    const shift = balanceShift(
      histogram,
      posteriorsOf({ name: "majority", programs: 2, classes: 2 }, histogram),
      [0.25, 0.75],
    );
    expect(shift.factors.map((factor) => factor ** 2)).toEqual(
      [1 / 3, 3].map((value) => expect.closeTo(value, 12)),
    );
    const model = fitCalibrated("majority", histogram, { balance: [0.25, 0.75] });
    expect(posterior(model, [0, 1])).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)]);
  });

  it.each([
    { given: { ham: 0.5 } as Record<string, number>, complaint: 'found no share for the class "spam"' },
    { given: { ham: 1, spam: 0 }, complaint: 'found the share 0 for the class "spam"' },
    { given: { ham: 0.5, spam: 0.6 }, complaint: "the shares sum to 1.1" },
    { given: { ham: 0.5, spam: 0.5, eggs: 0 }, complaint: 'found the class "eggs"' },
  ])(
    "is refused where $complaint",
    ({ given, complaint }: { given: Record<string, number>; complaint: string }) => {
      expect(() => classBalance(given, ["ham", "spam"], "--balance")).toThrow(complaint);
    },
  );
});

it("makes probabilities less sure below a temperature of 1, and names the same class", () => {
  const plain = posterior(fitLabelModel("weighted", histogram), [0, 0]);
  const tempered = posterior(fitCalibrated("weighted", histogram, { temperature: 0.5 }), [0, 0]);
  expect(tempered[0]).toBeLessThan(plain[0]);
  expect(tempered[0]).toBeGreaterThan(0.5);
});

describe("gold labels", () => {
  const table = { rows: 4, classes: ["ham", "spam"] };

  it.each([
    { name: "a JSON list", text: '[0, -1, "spam", null]' },
    { name: "an object with labels", text: '{"labels": [0, -1, 1, null]}' },
    { name: "lines of row and label", text: 'row,label\n1,ham\n3,"spam"\n\n' },
  ])("are read from $name", ({ text }) => {
    expect(goldOf(text, "gold", table)).toEqual(Int8Array.of(0, -1, 1, -1));
  });

  it.each([
    { text: "row,label\n1,ham\n1,spam", complaint: 'gold: row 1: has the labels "ham" and "spam"' },
    { text: "row,label\n9,ham", complaint: "Expected a row of the votes, 1 to 4" },
    { text: "row,label\n1,eggs", complaint: 'found the label "eggs"' },
    { text: "[0, 1]", complaint: "expected a list of 4 labels" },
    { text: "[-1, -1, -1, -1]", complaint: "found no label" },
    { text: "id,class\n1,ham", complaint: 'expected the first line "row,label"' },
  ])("are refused where $complaint", ({ text, complaint }) => {
    expect(() => goldOf(text, "gold", table)).toThrow(complaint);
  });

  it("make confidences truer; the table's own labels change metrics only", () => {
    const programs = [0.9, 0.6, 0.55, 0.55].map((accuracy) => ({ coverage: 0.8, accuracy }));
    const { columns, truth } = syntheticVotes({ rows: 3_000, balance: [0.5, 0.5], programs, seed: 4 });
    const votes = { classes: ["a", "b"], programs: ["1", "2", "3", "4"], columns };
    const without = aggregateVotes(votes, "majority");
    const wrong = { ...votes, labels: truth.map((label) => 1 - label) };
    expect(aggregateVotes(wrong, "majority").posteriors).toEqual(without.posteriors);
    const gold = truth.map((label, row) => (row < 300 ? label : -1));
    const lossOf = ({ posteriors, patternOfRow }: typeof without) => {
      let loss = 0;
      for (let row = 300; row < truth.length; row++) {
        loss -= Math.log(Math.max(posteriors[patternOfRow[row] * 2 + truth[row]], 1e-9));
      }
      return loss;
    };
    expect(lossOf(aggregateVotes(votes, "majority", { gold }))).toBeLessThan(0.7 * lossOf(without));
  });
});
