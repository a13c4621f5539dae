import { describe, expect, it } from "vitest";
import { fitAuto } from "../../lib/aggregate/auto.ts";
import { type Histogram, histogramOf } from "../../lib/aggregate/histogram.ts";
import { fitLabelModel, posteriorsOf } from "../../lib/aggregate/label-model.ts";
import { summarizeVotes } from "../../lib/aggregate/program-summary.ts";
import { aggregateVotes } from "../../lib/aggregate/vote-file.ts";
import type { LabelModelName } from "../../lib/contracts/label-models.ts";
import { type SyntheticProgram, seeded, syntheticVotes } from "./synthetic-votes.ts";

const program = (coverage: number, accuracy: number, onlyClass?: number): SyntheticProgram => ({
  coverage,
  accuracy,
  ...(onlyClass !== undefined && { onlyClass }),
});

const summaryOf = (name: LabelModelName, histogram: Histogram) => {
  const model = fitLabelModel(name, histogram);
  return summarizeVotes(histogram, model, posteriorsOf(model, histogram));
};

describe("on independent programs of known accuracy", () => {
  const programs = [
    program(0.9, 0.9),
    program(0.8, 0.8),
    program(0.7, 0.7),
    program(0.6, 0.85),
    program(0.5, 0.6),
    program(0.9, 0.75),
  ];
  const { columns } = syntheticVotes({ rows: 20_000, balance: [0.6, 0.3, 0.1], programs, seed: 5 });
  const histogram = histogramOf(columns, 3);

  it.each(["dawid-skene", "auto"] as const)("%s recovers accuracies, coverage and balance", (name) => {
    const summary = summaryOf(name, histogram);
    for (const [index, { coverage, accuracy }] of programs.entries()) {
      expect(Math.abs((summary.programs[index].accuracy ?? 0) - accuracy)).toBeLessThan(0.02);
      expect(Math.abs(summary.programs[index].coverage - coverage)).toBeLessThan(0.02);
    }
    for (const [label, share] of [0.6, 0.3, 0.1].entries()) {
      expect(Math.abs(summary.balance[label] - share)).toBeLessThan(0.02);
    }
  });

  it.each(["weighted", "dawid-skene", "auto"] as const)("%s orders the programs by accuracy", (name) => {
    const weights = summaryOf(name, histogram).programs.map(({ weight }) => weight);
    const order = [...weights.keys()].sort((one, other) => weights[other] - weights[one]);
    expect(order).toEqual([0, 3, 1, 5, 2, 4]);
  });
});

describe("auto", () => {
  const tables = [
    {
      name: "dense programs",
      balance: [0.5, 0.5],
      programs: [0.9, 0.85, 0.8, 0.7, 0.65].map((a) => program(0.95, a)),
    },
    {
      name: "keyword programs of one class",
      balance: [0.7, 0.3],
      programs: [0, 1, 0, 1, 0, 1].map((k) => program(0.4, 0.85, k)),
    },
    {
      name: "many classes",
      balance: [0.4, 0.3, 0.2, 0.1],
      programs: [0.8, 0.7, 0.6, 0.5, 0.4].map((a) => program(0.7, a)),
    },
    {
      name: "a rare class",
      balance: [0.95, 0.05],
      programs: [0.9, 0.9, 0.85, 0.8].map((a) => program(0.8, a)),
    },
    {
      name: "a program that is mostly wrong",
      balance: [0.5, 0.5],
      programs: [0.9, 0.8, 0.8, 0.3].map((a) => program(0.8, a)),
    },
    {
      name: "programs that mostly abstain",
      balance: [0.5, 0.5],
      programs: [0.8, 0.7, 0.75, 0.6, 0.7].map((a) => program(0.3, a)),
    },
  ];

  it.each(tables)("is no more than a point worse than majority vote on $name", ({ balance, programs }) => {
    for (let seed = 1; seed <= 5; seed++) {
      const { truth, columns } = syntheticVotes({ rows: 4_000, balance, programs, seed });
      const table = {
        classes: balance.map((_, label) => `class ${label}`),
        programs: programs.map((_, index) => `program ${index}`),
        columns,
        labels: truth,
      };
      const { metrics } = aggregateVotes(table, "auto");
      expect(metrics?.accuracy).toBeGreaterThanOrEqual((metrics?.majority.accuracy ?? 1) - 0.01);
    }
  });

  it("does not count copies as evidence, and keeps accurate programs that merely agree", () => {
    const programs = [program(0.9, 0.95), program(0.9, 0.95), program(0.9, 0.95), program(0.9, 0.7)];
    const { columns } = syntheticVotes({ rows: 5_000, balance: [0.5, 0.5], programs, seed: 9 });
    const copy = columns[3].slice();
    const random = seeded(11);
    for (let row = 0; row < copy.length; row++) if (random() < 0.02) copy[row] = -1;
    const { copyOf, weights } = fitAuto(histogramOf([...columns, copy], 2));
    expect(copyOf).toEqual([-1, -1, -1, -1, 3]);
    expect(weights).toEqual([1, 1, 1, 1, 0]);
  });

  it("asks the majority where only dropped programs voted", () => {
    const column = Int8Array.from({ length: 200 }, (_, row) => row % 2);
    const copy = column.slice();
    const other = column.map((vote, row) => (row % 10 === 0 ? -1 : vote));
    const histogram = histogramOf([column, copy, other], 2);
    const model = fitLabelModel("auto", histogram);
    if (model.name !== "auto") throw new Error("fitted another model");
    expect(model.copyOf).toEqual([-1, 0, -1]);
    const alone = Int8Array.of(-1, 1, -1);
    expect(posteriorsOf(model, { ...histogram, patterns: alone, counts: Float64Array.of(1) })).toEqual(
      Float64Array.of(0, 1),
    );
  });
});
