import { expect, it } from "vitest";
import { type Answers, choiceOf } from "../../lib/train/choice.ts";

/** Rows on which these are right, each so often. */
const answers = (...groups: [rows: number, right: (keyof Answers)[]][]): Answers[] =>
  groups.flatMap(([rows, right]) =>
    Array.from({ length: rows }, () => ({
      both: right.includes("both"),
      endModel: right.includes("endModel"),
      labelModel: right.includes("labelModel"),
    })),
  );

it.each([
  {
    name: "keeps both together where all are right alike",
    rows: answers([200, ["both", "endModel", "labelModel"]]),
    chosen: "both",
  },
  {
    name: "keeps both where another's lead is within a standard error",
    rows: answers([95, ["both", "endModel", "labelModel"]], [3, ["endModel"]], [2, ["both"]]),
    chosen: "both",
  },
  {
    name: "takes the end model where it leads by more",
    rows: answers([90, ["both", "endModel"]], [9, ["endModel"]], [1, ["both"]]),
    chosen: "endModel",
  },
  {
    name: "takes the one with the larger lead",
    rows: answers(
      [100, ["both", "endModel", "labelModel"]],
      [6, ["endModel", "labelModel"]],
      [6, ["labelModel"]],
    ),
    chosen: "labelModel",
  },
  { name: "keeps both with fewer than a hundred rows", rows: answers([99, ["endModel"]]), chosen: "both" },
  { name: "keeps both without any row", rows: [], chosen: "both" },
])("$name", ({ rows, chosen }) => {
  expect(choiceOf(rows).labeler).toBe(chosen);
});

it("tells of how many rows it chose and which share each labels right", () => {
  expect(choiceOf(answers([150, ["endModel", "labelModel"]], [50, ["both", "labelModel"]]))).toEqual({
    labeler: "labelModel",
    rows: 200,
    right: { both: 0.25, endModel: 0.75, labelModel: 1 },
  });
});
