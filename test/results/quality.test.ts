import { describe, expect, it } from "vitest";
import { accuracyByCount, qualityOf, setFigures } from "../../bench/results/quality.ts";

/** Three programs on six rows, of which the last has no gold and the fifth no vote. */
const voted = {
  classes: ["no", "yes"],
  columns: [
    [0, 0, 1, 1, -1, 1],
    [0, 1, 1, -1, -1, 1],
    [0, 0, -1, 0, -1, 1],
  ].map((column) => Int8Array.from(column)),
  gold: Int8Array.from([0, 0, 1, 1, 1, -1]),
};

describe("the quality of votes", () => {
  it("counts a row without a label as wrong, and leaves a row without gold out", () => {
    // The fourth row is a tie, which goes to the class with more rows: yes, by the votes on the six rows.
    expect(qualityOf(voted, "majority")).toEqual({
      coverage: 4 / 5,
      accuracy: 4 / 5,
      macroF1: (1 + 4 / 5) / 2,
    });
  });

  it("tells of each program how often it votes and is right, and where they contradict each other", () => {
    const { auto, majority, ...figures } = setFigures(voted);
    expect(figures).toEqual({
      programs: 3,
      rows: 5,
      programCoverage: (4 / 5 + 3 / 5 + 3 / 5) / 3,
      programAccuracy: (1 + 2 / 3 + 2 / 3) / 3,
      conflict: 2 / 5,
    });
    expect(majority).toEqual(qualityOf(voted, "majority"));
    expect(auto).toEqual(qualityOf(voted, "auto"));
  });

  it("draws fewer programs in the same orders every time, and all of them once", () => {
    const ids = ["one", "two", "three"];
    const counts = accuracyByCount(voted, ids);
    expect(counts.map(({ programs }) => programs)).toEqual([1, 2, 3]);
    expect(counts.at(-1)).toEqual({
      programs: 3,
      mean: qualityOf(voted, "auto").accuracy,
      deviation: 0,
      majority: qualityOf(voted, "majority").accuracy,
    });
    expect(accuracyByCount(voted, ids)).toEqual(counts);
  });
});
