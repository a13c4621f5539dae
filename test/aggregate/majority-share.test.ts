import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Histogram } from "../../lib/aggregate/histogram.ts";
import { fitLabelModel, posteriorsOf } from "../../lib/aggregate/label-model.ts";
import { pooled } from "../../lib/aggregate/log-linear.ts";
import { majorityShare, mostTaken } from "../../lib/aggregate/majority-share.ts";
import { seeded } from "./synthetic-votes.ts";
import { labelCounts } from "./vote-accuracy.ts";
import { anyVotes, histogramOfRows, posterior } from "./votes.ts";

describe("mostTaken", () => {
  it.each([
    { name: "a quarter of the rows from half of them", main: 0.5, dependence: 1, expected: 0.25 },
    { name: "what the others have, squared", main: 0.9, dependence: 0, expected: 0.01 },
    {
      name: "half a point where dependent votes meet an uneven balance",
      main: 0.9,
      dependence: 1,
      expected: 0.005,
    },
    { name: "a part where votes are somewhat dependent", main: 0.7, dependence: 0.5, expected: 0.063 },
  ])("is $name", ({ main, dependence, expected }) => {
    expect(mostTaken(main, 2, dependence)).toBeCloseTo(expected, 12);
  });
});

/** The patterns with their rows, and what a model makes of them. */
const modelled = (...patterns: { votes: number[]; rows: number; posterior: [number, number] }[]) => ({
  histogram: {
    programs: patterns[0].votes.length,
    classes: 2,
    patterns: Int8Array.from(patterns.flatMap(({ votes }) => votes)),
    counts: Float64Array.from(patterns, ({ rows }) => rows),
  } satisfies Histogram,
  posteriors: Float64Array.from(patterns.flatMap((pattern) => pattern.posterior)),
});

describe("majorityShare", () => {
  it("is the least that gives the main class its rows back", () => {
    const { histogram, posteriors } = modelled(
      { votes: [0, 0, 0], rows: 80, posterior: [0.9, 0.1] },
      { votes: [0, 0, 1], rows: 10, posterior: [0.2, 0.8] },
      { votes: [1, 1, 1], rows: 10, posterior: [0.1, 0.9] },
    );
    // Majority's odds are 2 to 1, the model's 1 to 4: they balance where share × ln 2 = (1 − share) × ln 4.
    const share = majorityShare(histogram, posteriors, 1);
    expect(share).toBeGreaterThanOrEqual(2 / 3);
    expect(share).toBeLessThan(2 / 3 + 1 / 1_000);
  });

  it("is nothing where the model takes few rows, or gives the main class more", () => {
    const { histogram, posteriors } = modelled(
      { votes: [0, 0, 0], rows: 50, posterior: [0.9, 0.1] },
      { votes: [0, 0, 1], rows: 10, posterior: [0.2, 0.8] },
      { votes: [1, 1, 1], rows: 40, posterior: [0.1, 0.9] },
    );
    expect(majorityShare(histogram, posteriors, 0)).toBe(0);
    expect(majorityShare(histogram, posteriors.fill(0.5), 1)).toBe(0);
  });

  it("is everything where the model breaks majority's ties against the main class, whatever rows have no votes", () => {
    const { histogram, posteriors } = modelled(
      { votes: [-1, -1], rows: 1_000, posterior: [0.1, 0.9] },
      { votes: [0, 0], rows: 85, posterior: [0.9, 0.1] },
      { votes: [0, 1], rows: 10, posterior: [0.4, 0.6] },
      { votes: [1, 1], rows: 5, posterior: [0.1, 0.9] },
    );
    expect(majorityShare(histogram, posteriors, 1)).toBe(1);
  });

  it("never lets a model take more from the main class than it may", () => {
    fc.assert(
      fc.property(
        anyVotes(),
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (votes, seed, dependence) => {
          const histogram = histogramOfRows(votes);
          const { counts, classes } = histogram;
          const random = seeded(seed);
          const posteriors = Float64Array.from({ length: counts.length * classes }, () => 0.01 + random());
          const share = majorityShare(histogram, posteriors, dependence);
          const shares = posteriorsOf({ name: "majority", ...votes }, histogram);
          const byMajority = labelCounts(histogram, shares);
          const rows = byMajority.reduce((sum, count) => sum + count, 0);
          if (rows === 0) return;
          const main = byMajority.indexOf(Math.max(...byMajority));
          const held = labelCounts(
            histogram,
            share === 1 ? shares : pooled(shares, posteriors, share, classes),
          );
          const taken = (byMajority[main] - held[main]) / rows;
          expect(taken).toBeLessThanOrEqual(mostTaken(byMajority[main] / rows, classes, dependence) + 1e-9);
        },
      ),
    );
  });
});

describe("auto that has to be majority", () => {
  const votes = {
    programs: 2,
    classes: 2,
    rows: [...new Array(85).fill([0, 0]), ...new Array(10).fill([0, 1]), ...new Array(5).fill([1, 1])],
  };
  const fitted = fitLabelModel("auto", histogramOfRows(votes));
  if (fitted.name !== "auto") throw new Error("fitted another model");
  const model = { ...fitted, majorityShare: 1 };

  it.each([
    { name: "a tie", pattern: [0, 1], expected: [0.5, 0.5] },
    { name: "votes that agree", pattern: [1, 1], expected: [0, 1] },
  ])("gives $name the shares of the votes", ({ pattern, expected }) => {
    expect(posterior(model, pattern)).toEqual(expected);
  });

  it("leaves a row without votes what the models make of silence", () => {
    expect(posterior(model, [-1, -1])).toEqual(posterior({ ...model, majorityShare: 0 }, [-1, -1]));
  });
});
