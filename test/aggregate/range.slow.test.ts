import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitAuto } from "../../lib/aggregate/auto.ts";
import { type Histogram, histogramOf, mergeHistograms } from "../../lib/aggregate/histogram.ts";
import { fitLabelModel, posteriorOf, posteriorsOf } from "../../lib/aggregate/label-model.ts";
import { type VoteArray, voteArray } from "../../lib/aggregate/vote-array.ts";
import { seeded } from "./synthetic-votes.ts";

/** A size from the whole range of what is taken, 2 to 200 classes and 1 to 500 programs; small ones as often as large ones. */
const size = (least: number, most: number) =>
  fc.oneof(fc.integer({ min: least, max: Math.min(most, least + 6) }), fc.integer({ min: least, max: most }));

interface Sizes {
  classes: number;
  programs: number;
  rows: number;
  coverage: number;
  seed: number;
}

interface Wide {
  classes: number;
  columns: VoteArray[];
}

/** Votes of programs that know the truth to some extent, of any number of programs and classes; some rows have none. */
const wideVotes: fc.Arbitrary<Wide> = fc
  .record({
    classes: size(2, 200),
    programs: size(1, 500),
    rows: size(1, 200),
    coverage: fc.constantFrom(0.02, 0.3, 1),
    seed: fc.integer({ min: 1, max: 1_000 }),
  })
  // A model of these has programs × classes² numbers: both at their most are a test of their own.
  .map(({ programs, ...more }) =>
    wide({ ...more, programs: Math.min(programs, Math.ceil(3e5 / more.classes ** 2)) }),
  );

function wide({ classes, programs, rows, coverage, seed }: Sizes): Wide {
  const random = seeded(seed);
  const columns = Array.from({ length: programs }, () => voteArray(classes, rows).fill(-1));
  for (let row = 0; row < rows; row++) {
    if (random() < 0.1) continue;
    const truth = Math.floor(random() * classes);
    for (const column of columns) {
      if (random() < coverage) column[row] = random() < 0.6 ? truth : Math.floor(random() * classes);
    }
  }
  return { classes, columns };
}

const runs = { numRuns: 8, seed: 1 };

/** The posterior of each of the first rows under a model fitted to all. */
function rowPosteriors(name: "auto" | "majority" | "weighted", { columns, classes }: Wide): Float64Array[] {
  const posterior = posteriorOf(fitLabelModel(name, histogramOf(columns, classes)));
  return Array.from({ length: Math.min(5, columns[0].length) }, (_, row) => {
    const out = new Float64Array(classes);
    posterior(
      columns.map((column) => column[row]),
      out,
    );
    return out;
  });
}

function expectDistributions(name: "auto" | "majority" | "weighted", { columns, classes }: Wide): void {
  const histogram = histogramOf(columns, classes);
  const posteriors = posteriorsOf(fitLabelModel(name, histogram), histogram);
  const sums = new Float64Array(histogram.counts.length);
  for (let at = 0; at < posteriors.length; at++) sums[Math.floor(at / classes)] += posteriors[at];
  for (const sum of sums) expect(sum).toBeCloseTo(1, 9);
  expect(posteriors.every((share) => share >= 0)).toBe(true);
}

const expectClose = (found: Float64Array[], expected: Float64Array[]) => {
  for (const [row, posterior] of found.entries()) {
    for (const [label, share] of posterior.entries()) expect(share).toBeCloseTo(expected[row][label], 6);
  }
};

describe.each(["auto", "majority", "weighted"] as const)("%s", (name) => {
  it("gives distributions, also where no program votes", () => {
    fc.assert(
      fc.property(wideVotes, (votes) => expectDistributions(name, votes)),
      runs,
    );
  });

  it("gives distributions of 200 classes by 500 programs", () => {
    expectDistributions(name, wide({ classes: 200, programs: 500, rows: 20, coverage: 0.5, seed: 3 }));
  });

  it("learns the same from the same rows in another order, and from parts that are merged", () => {
    fc.assert(
      fc.property(wideVotes, ({ columns, classes }) => {
        const bytesOf = (histogram: Histogram) =>
          Buffer.from(posteriorsOf(fitLabelModel(name, histogram), histogram).buffer);
        const whole = bytesOf(histogramOf(columns, classes));
        const turned = columns.map((column) => column.toReversed());
        expect(bytesOf(histogramOf(turned, classes)).equals(whole)).toBe(true);
        const middle = columns[0].length >> 1;
        const part = (from: number, to: number) =>
          histogramOf(
            columns.map((column) => column.subarray(from, to)),
            classes,
          );
        const merged = mergeHistograms(part(middle, columns[0].length), part(0, middle));
        expect(bytesOf(merged).equals(whole)).toBe(true);
      }),
      runs,
    );
  });
});

describe.each(["majority", "weighted"] as const)("%s", (name) => {
  it("depends neither on the order of the programs nor on the names of the classes", () => {
    fc.assert(
      fc.property(wideVotes, ({ columns, classes }) => {
        const expected = rowPosteriors(name, { columns, classes });
        expectClose(rowPosteriors(name, { columns: columns.toReversed(), classes }), expected);
        const renamed = columns.map((column) => column.map((vote) => (vote < 0 ? vote : classes - 1 - vote)));
        const found = rowPosteriors(name, { columns: renamed, classes });
        expectClose(
          found.map((posterior) => posterior.toReversed()),
          expected,
        );
      }),
      runs,
    );
  });
});

it("auto takes the exact copy of a program for no evidence", () => {
  fc.assert(
    fc.property(wideVotes, ({ columns, classes }) => {
      const [first] = columns;
      const voted = Array.from(first).filter((vote) => vote >= 0).length;
      const { copyOf, weights } = fitAuto(histogramOf([...columns.slice(0, 499), first.slice()], classes));
      const copy = copyOf.length - 1;
      if (voted < 5) return;
      expect([copyOf[copy], copyOf[0]]).not.toEqual([-1, -1]);
      expect(Math.min(weights[copy], weights[0])).toBe(0);
    }),
    runs,
  );
});

it("auto learns 200 classes from 60 programs that are right in one vote of two", () => {
  const classes = 200;
  const random = seeded(9);
  const truth = Int16Array.from({ length: 4_000 }, () => Math.floor(random() * classes));
  const columns = Array.from({ length: 60 }, () =>
    Int16Array.from(truth, (label) =>
      random() < 0.9 ? -1 : random() < 0.5 ? label : Math.floor(random() * classes),
    ),
  );
  const right = (name: "auto" | "majority") => {
    const posteriors = rowsLabeled(name, columns, classes);
    return posteriors.filter((label, row) => label === truth[row]).length / truth.length;
  };
  expect(right("auto")).toBeGreaterThan(right("majority") - 0.005);
  expect(right("auto")).toBeGreaterThan(0.85);
});

/** [rows] the most probable class. */
function rowsLabeled(name: "auto" | "majority", columns: Int16Array[], classes: number): number[] {
  const posterior = posteriorOf(fitLabelModel(name, histogramOf(columns, classes)));
  const out = new Float64Array(classes);
  return Array.from(columns[0], (_, row) => {
    posterior(
      columns.map((column) => column[row]),
      out,
    );
    return out.indexOf(Math.max(...out));
  });
}
