import { expect, it } from "vitest";
import { copyWeights, nearCopies } from "../../lib/aggregate/near-copies.ts";
import { cellsOf } from "../../lib/aggregate/vote-cells.ts";
import { histogramOfRows } from "./votes.ts";

/** `count` rows of the same votes. */
const times = (count: number, row: number[]) => Array.from({ length: count }, () => row);
const cells = (rows: number[][]) => cellsOf(histogramOfRows({ programs: rows[0].length, classes: 2, rows }));

/** Programs 2 and 3 err apart, so that no pair but the first is alike enough to be looked at. */
const base = [
  ...times(40, [0, 0, 0, 0]),
  ...times(40, [1, 1, 1, 1]),
  ...times(24, [0, 0, 1, 0]),
  ...times(24, [0, 0, 0, 1]),
];

it.each([
  {
    name: "takes two programs that share their errors for one, and keeps the busier",
    rows: [...base, ...times(8, [1, 1, 0, 0]), ...times(1, [-1, 1, 1, 1])],
    copyOf: [1, -1, -1, -1],
  },
  {
    name: "keeps two programs that agree as much and err apart",
    rows: [...base, ...times(4, [1, 0, 0, 0]), ...times(4, [0, 1, 0, 0])],
    copyOf: [-1, -1, -1, -1],
  },
  {
    name: "keeps two programs that share some errors but not most",
    rows: [...base, ...times(5, [1, 1, 0, 0]), ...times(5, [1, 0, 0, 0])],
    copyOf: [-1, -1, -1, -1],
  },
  {
    name: "takes the same votes for proof where there are too few errors to tell",
    rows: [...times(100, [0, 0, -1]), ...times(10, [1, 1, -1]), ...times(50, [-1, -1, 0])],
    copyOf: [-1, 0, -1],
  },
  {
    name: "keeps accurate programs that hardly ever differ, where nobody else says they err",
    rows: [...times(100, [0, 0, 0]), ...times(100, [1, 1, 1]), [0, 1, 1], [1, 1, 0]],
    copyOf: [-1, -1, -1],
  },
  {
    name: "does not let three copies testify for each other",
    rows: [
      ...times(40, [0, 0, 0, 0, 0]),
      ...times(40, [1, 1, 1, 1, 1]),
      ...times(20, [0, 0, 0, 1, 1]),
      ...times(10, [0, 0, 0, 1, 0]),
      ...times(10, [1, 1, 1, 1, 0]),
      ...times(1, [-1, -1, 0, 0, 0]),
      ...times(1, [-1, 0, 0, 0, 0]),
    ],
    copyOf: [2, 2, -1, -1, -1],
  },
  {
    name: "keeps programs that hardly vote, however they agree",
    rows: [...times(4, [0, 0, -1]), ...times(50, [-1, -1, 0])],
    copyOf: [-1, -1, -1],
  },
])("$name", ({ rows, copyOf }) => {
  expect(nearCopies(cells(rows))).toEqual(copyOf);
});

it("counts two copies as one vote between them, and programs that err apart in full", () => {
  expect([...copyWeights(cells([...base, ...times(8, [1, 1, 0, 0])]))]).toEqual([0.5, 0.5, 1, 1]);
});
