import { describe, expect, it } from "vitest";
import { type FittedLabelModel, fitLabelModel, posteriorsOf } from "../../lib/aggregate/label-model.ts";
import { summarizeVotes } from "../../lib/aggregate/program-summary.ts";
import { warningsOf } from "../../lib/aggregate/warnings.ts";
import { histogramOfRows, type Votes } from "./votes.ts";

const summaryOf = (votes: Votes, model: FittedLabelModel) => {
  const histogram = histogramOfRows(votes);
  return summarizeVotes(histogram, model, posteriorsOf(model, histogram));
};

describe("summarizeVotes", () => {
  it("counts by hand under majority vote", () => {
    const votes = {
      programs: 2,
      classes: 2,
      rows: [
        [0, 0],
        [0, 1],
        [1, -1],
        [-1, -1],
      ],
    };
    expect(summaryOf(votes, { name: "majority", programs: 2, classes: 2 })).toEqual({
      rows: 4,
      covered: 3,
      conflicting: 1,
      balance: [0.5, 0.5],
      programs: [
        { coverage: 0.75, overlap: 0.5, conflict: 0.25, accuracy: 2.5 / 3, weight: 1 },
        { coverage: 0.5, overlap: 0.5, conflict: 0.25, accuracy: 0.75, weight: 1 },
      ],
    });
  });

  it("weighs by the log-odds of the accuracy, one vote at chance added", () => {
    const votes = {
      programs: 2,
      classes: 2,
      rows: [
        [0, 0],
        [1, 1],
      ],
    };
    const { programs } = summaryOf(votes, fitLabelModel("weighted", histogramOfRows(votes)));
    // Two votes right with probability 49/50 each and half a vote: 2.46 of 3.
    for (const { accuracy, weight } of programs) {
      expect(accuracy).toBeCloseTo(0.98, 12);
      expect(weight).toBeCloseTo(Math.log(2.46 / 0.54), 12);
    }
  });

  it("gives a program without votes no accuracy and no weight", () => {
    const votes = {
      programs: 2,
      classes: 3,
      rows: [
        [0, -1],
        [1, -1],
      ],
    };
    expect(summaryOf(votes, fitLabelModel("auto", histogramOfRows(votes))).programs[1]).toEqual({
      coverage: 0,
      overlap: 0,
      conflict: 0,
      accuracy: null,
      weight: expect.closeTo(0, 12),
    });
  });

  it.each([
    { name: "without rows", rows: [] },
    { name: "without votes", rows: [[-1, -1]] },
  ])("takes a histogram $name", ({ rows }) => {
    const votes = { programs: 2, classes: 2, rows };
    expect(summaryOf(votes, fitLabelModel("auto", histogramOfRows(votes)))).toMatchObject({
      rows: rows.length,
      covered: 0,
      balance: [0.5, 0.5],
    });
  });
});

describe("warningsOf", () => {
  const times = (count: number, row: number[]) => Array.from({ length: count }, () => row);

  function warnings(votes: Votes, name: "auto" | "majority" | "weighted", classes = ["ham", "spam"]) {
    const histogram = histogramOfRows(votes);
    const model = fitLabelModel(name, histogram);
    const posteriors = posteriorsOf(model, histogram);
    const summary = summarizeVotes(histogram, model, posteriors);
    const names = { programs: ["a", "b", "c", "d"].slice(0, votes.programs), classes };
    return warningsOf({ histogram, model, posteriors, summary, names });
  }

  it("says nothing of sound votes", () => {
    const apart = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ].flatMap((row) => times(6, row));
    const rows = [...times(50, [0, 0, 0]), ...times(50, [1, 1, 1]), ...apart];
    expect(warnings({ programs: 3, classes: 2, rows }, "auto")).toEqual([]);
  });

  it("says that few rows are covered and that a class has no votes", () => {
    const rows = [...times(30, [0, 0]), ...times(10, [1, 1]), ...times(60, [-1, -1])];
    expect(warnings({ programs: 2, classes: 3, rows }, "majority", ["ham", "spam", "scam"])).toEqual([
      {
        code: "low-coverage",
        message: "Only 40.0 % of the rows have a vote.",
        remedy: "Add programs that decide more rows, or train a model on the labeled rows for the others.",
      },
      {
        code: "class-without-votes",
        message: 'No program ever votes for 1 of 3 classes: "scam".',
        remedy:
          "Describe them more closely or add programs that find them; until then no row gets their label.",
      },
    ]);
  });

  it("says that nearly all labels are alike, and which programs only go along", () => {
    const rows = [...times(995, [0, 0, 0]), ...times(5, [0, 1, 1])];
    expect(warnings({ programs: 3, classes: 2, rows }, "majority")).toEqual([
      {
        code: "near-constant",
        message: '99.5 % of the labels are "ham".',
        remedy:
          "Where the classes are not that uneven, the votes have collapsed: look at the programs that vote for the others.",
      },
      {
        code: "no-lift",
        message: '1 of 3 programs seem right no more often than a guess by class frequency: "a".',
        remedy: "Read them: they may answer for the wrong class, or always alike. Repair or remove them.",
      },
    ]);
  });

  it("says which program nearly copies which", () => {
    const right = [...times(100, [0, 0, 0, 0]), ...times(100, [1, 1, 1, 1])];
    const rows = [...right, ...times(8, [1, 1, 0, 0]), ...times(8, [1, 1, 0, -1])];
    expect(warnings({ programs: 4, classes: 2, rows }, "auto")).toEqual([
      {
        code: "near-copy",
        message: 'Not counted, because they repeat the votes and errors of the program "a": "b".',
        remedy: "Replace them with programs that look at something else.",
      },
    ]);
  });

  it("says that the label model and majority vote disagree", () => {
    // Program a is right whenever d, who votes rarely, is; b and c share a blind spot that outvotes it.
    const rows = [...times(40, [0, 0, 0, 0]), ...times(40, [1, 1, 1, 1]), ...times(20, [1, 0, 0, 1])];
    const histogram = histogramOfRows({
      programs: 4,
      classes: 2,
      rows: [...rows, ...times(30, [1, 0, 0, -1])],
    });
    const model: FittedLabelModel = {
      name: "weighted",
      programs: 4,
      classes: 2,
      evidence: { bias: [0, 0], table: [9, 0, 0, 9, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1] },
    };
    const posteriors = posteriorsOf(model, histogram);
    const summary = summarizeVotes(histogram, model, posteriors);
    const names = { programs: ["a", "b", "c", "d"], classes: ["ham", "spam"] };
    expect(warningsOf({ histogram, model, posteriors, summary, names })).toEqual([
      {
        code: "majority-disagrees",
        message: 'The label model "weighted" and majority vote differ on 23.1 % of the labeled rows.',
        remedy: "Compare some of these rows by hand, and take the label model that is right more often.",
      },
    ]);
  });
});
