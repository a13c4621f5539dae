import { expect, it } from "vitest";
import { countPrediction, metricCounter, metricsOf } from "../../lib/evaluate/metrics.ts";

const metricsOfPairs = (pairs: [gold: number, predicted: number, weight?: number][], names: string[]) => {
  const counter = metricCounter(names.length);
  for (const [gold, predicted, weight] of pairs) countPrediction(counter, gold, predicted, weight);
  return metricsOf(counter, names);
};

it("counts by hand, a missing prediction as wrong", () => {
  const pairs: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, 1],
    [1, 1],
    [1, -1],
  ];
  expect(metricsOfPairs(pairs, ["ham", "spam"])).toEqual({
    rows: 5,
    coverage: 0.8,
    accuracy: 0.6,
    macroF1: (0.8 + 0.5) / 2,
    classes: {
      ham: { precision: 1, recall: 2 / 3, f1: 0.8, support: 3 },
      spam: { precision: 0.5, recall: 0.5, f1: 0.5, support: 2 },
    },
    confusion: [
      [2, 1, 0],
      [0, 1, 1],
    ],
  });
});

it("shares a row between predictions that tie", () => {
  const { accuracy, confusion } = metricsOfPairs(
    [
      [0, 0, 0.5],
      [0, 1, 0.5],
      [1, 1],
    ],
    ["ham", "spam"],
  );
  expect({ accuracy, confusion }).toEqual({
    accuracy: 0.75,
    confusion: [
      [0.5, 0.5, 0],
      [0, 1, 0],
    ],
  });
});

it("leaves classes that never occur out of the macro mean", () => {
  const { macroF1, classes } = metricsOfPairs(
    [
      [0, 0],
      [1, 1],
    ],
    ["ham", "spam", "scam"],
  );
  expect({ macroF1, scam: classes.scam }).toEqual({
    macroF1: 1,
    scam: { precision: 0, recall: 0, f1: 0, support: 0 },
  });
});

it("is 0 throughout without rows", () => {
  expect(metricsOfPairs([], ["ham", "spam"])).toMatchObject({
    rows: 0,
    coverage: 0,
    accuracy: 0,
    macroF1: 0,
  });
});
