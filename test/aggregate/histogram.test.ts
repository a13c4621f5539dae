import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  histogramOf,
  indexVotes,
  keepPrograms,
  mergeHistograms,
  packHistogram,
  patternAt,
  thinned,
  unpackHistogram,
} from "../../lib/aggregate/histogram.ts";
import { seeded } from "./synthetic-votes.ts";
import { anyVotes, columnsOf, histogramOfRows, rowOf, type Votes } from "./votes.ts";

const total = (counts: Float64Array) => counts.reduce((sum, count) => sum + count, 0);

describe("histogramOf", () => {
  it("counts each pattern once, in order of votes, abstentions first", () => {
    const rows = [
      [1, 0],
      [-1, 1],
      [1, 0],
      [-1, -1],
    ];
    expect(histogramOfRows({ programs: 2, classes: 2, rows })).toEqual({
      programs: 2,
      classes: 2,
      patterns: Int8Array.of(-1, -1, -1, 1, 1, 0),
      counts: Float64Array.of(1, 1, 2),
    });
  });

  it.each([127, 200])(
    "counts as a map of strings does, over many words and blocks, of %i classes",
    (classes) => {
      const random = seeded(3);
      const programs = 30;
      // Rows come from few templates, so patterns repeat far apart and all digits are used.
      const templates = Array.from({ length: 2_000 }, () =>
        Array.from({ length: programs }, () => Math.floor(random() * (classes + 1)) - 1),
      );
      const rows = Array.from({ length: 6_000 }, () => templates[Math.floor(random() * templates.length)]);
      const expected = new Map<string, number>();
      for (const row of rows) expected.set(row.join(), (expected.get(row.join()) ?? 0) + 1);

      const { patterns, counts } = histogramOfRows({ programs, classes, rows });
      const found = Array.from(counts, (count, at): [string, number] => [
        patterns.subarray(at * programs, (at + 1) * programs).join(),
        count,
      ]);
      expect(new Map(found)).toEqual(expected);
      expect(found).toHaveLength(expected.size);
    },
  );

  it("does not depend on the order of the rows", () => {
    fc.assert(
      fc.property(anyVotes(), (votes) => {
        const reversed = { ...votes, rows: votes.rows.toReversed() };
        expect(packHistogram(histogramOfRows(reversed))).toEqual(packHistogram(histogramOfRows(votes)));
      }),
    );
  });

  it.each([
    {
      name: "refuses a vote outside the classes",
      columns: [Int8Array.of(0, 1), Int8Array.of(1, 2)],
      message: "Vote 2 of program 1 in row 1 is not one of 2 classes",
    },
    {
      name: "refuses a code below abstention",
      columns: [Int8Array.of(-2)],
      message: "Vote -2 of program 0 in row 0 is not one of 2 classes",
    },
    {
      name: "refuses columns of unequal lengths",
      columns: [Int8Array.of(0, 1), Int8Array.of(1)],
      message: "Columns of votes have unequal lengths",
    },
    { name: "refuses no columns", columns: [], message: "A histogram needs at least one program" },
  ])("$name", ({ columns, message }) => {
    expect(() => histogramOf(columns, 2)).toThrow(new RangeError(message));
  });
});

describe("indexVotes", () => {
  it("says which pattern each row shows", () => {
    fc.assert(
      fc.property(anyVotes(), (votes) => {
        const { histogram, patternOfRow } = indexVotes(columnsOf(votes), votes.classes);
        const { patterns, programs } = histogram;
        const rows = Array.from(patternOfRow, (at) => [
          ...patterns.subarray(at * programs, (at + 1) * programs),
        ]);
        expect(rows).toEqual(votes.rows);
      }),
    );
  });
});

describe("mergeHistograms", () => {
  it("gives the histogram of all rows, however they are grouped and ordered", () => {
    const anyGroups = anyVotes().chain((votes) =>
      fc.tuple(
        fc.constant(votes),
        fc.array(rowOf(votes.programs, votes.classes), { maxLength: 20 }),
        fc.array(rowOf(votes.programs, votes.classes), { maxLength: 20 }),
      ),
    );
    fc.assert(
      fc.property(anyGroups, ([votes, second, third]) => {
        const of = (rows: number[][]) => histogramOfRows({ ...votes, rows } satisfies Votes);
        const whole = of([...votes.rows, ...second, ...third]);
        const [a, b, c] = [of(votes.rows), of(second), of(third)];
        expect(mergeHistograms(a, b, c)).toEqual(whole);
        expect(mergeHistograms(c, mergeHistograms(b, a))).toEqual(whole);
      }),
    );
  });

  it("refuses histograms of other programs or classes", () => {
    const two = histogramOf([Int8Array.of(0), Int8Array.of(1)], 2);
    expect(() => mergeHistograms(two, histogramOf([Int8Array.of(0)], 2))).toThrow(
      new RangeError(
        "Cannot merge a histogram of 1 programs and 2 classes into one of 2 programs and 2 classes",
      ),
    );
    expect(() => mergeHistograms(two, histogramOf([Int8Array.of(0), Int8Array.of(1)], 3))).toThrow(
      new RangeError(
        "Cannot merge a histogram of 2 programs and 3 classes into one of 2 programs and 2 classes",
      ),
    );
  });
});

describe("patternAt", () => {
  it("finds each pattern where it is, and no other", () => {
    fc.assert(
      fc.property(
        anyVotes(0).chain((votes) => fc.tuple(fc.constant(votes), rowOf(votes.programs, votes.classes))),
        ([votes, row]) => {
          const histogram = histogramOfRows(votes);
          const place = patternAt(histogram, row);
          const { programs, patterns, counts } = histogram;
          const texts = Array.from(counts, (_, at) =>
            patterns.subarray(at * programs, (at + 1) * programs).join(),
          );
          expect(place).toBe(texts.indexOf(row.join()));
        },
      ),
    );
  });
});

describe("keepPrograms", () => {
  it("gives the histogram that the kept programs alone would", () => {
    fc.assert(
      fc.property(anyVotes(), (votes) => {
        const kept = [...Array(votes.programs).keys()].filter((program) => program % 2 === 0);
        const alone = {
          ...votes,
          programs: kept.length,
          rows: votes.rows.map((row) => kept.map((at) => row[at])),
        };
        expect(keepPrograms(histogramOfRows(votes), kept)).toEqual(histogramOfRows(alone));
      }),
    );
  });
});

describe("thinned", () => {
  it("keeps evenly spaced rows, frequent patterns by their frequency", () => {
    const histogram = {
      programs: 1,
      classes: 4,
      patterns: Int8Array.of(-1, 0, 1, 2, 3),
      counts: Float64Array.of(1, 1, 1, 1, 6),
    };
    expect(thinned(histogram, 5)).toEqual({
      programs: 1,
      classes: 4,
      patterns: Int8Array.of(0, 2, 3),
      counts: Float64Array.of(1, 1, 3),
    });
  });

  it("keeps as many rows as asked for", () => {
    fc.assert(
      fc.property(anyVotes(10), fc.integer({ min: 1, max: 10 }), (votes, most) => {
        expect(total(thinned(histogramOfRows(votes), most).counts)).toBe(most);
      }),
    );
  });
});

describe("packHistogram", () => {
  it("is undone by unpackHistogram, at any offset in memory", () => {
    fc.assert(
      fc.property(anyVotes(0), fc.integer({ min: 0, max: 7 }), (votes, offset) => {
        const histogram = histogramOfRows(votes);
        const packed = packHistogram(histogram);
        const moved = new Uint8Array(packed.length + offset);
        moved.set(packed, offset);
        expect(unpackHistogram(moved.subarray(offset))).toEqual(histogram);
      }),
    );
  });

  it("keeps votes for more classes than an Int8 has", () => {
    const histogram = histogramOf([Int16Array.of(199, -1, 128), Int16Array.of(0, 199, -1)], 200);
    expect(unpackHistogram(packHistogram(histogram))).toEqual(histogram);
    expect(mergeHistograms(histogram, histogram).counts).toEqual(Float64Array.of(2, 2, 2));
  });

  it("refuses bytes that are cut short or something else", () => {
    const packed = packHistogram(histogramOf([Int8Array.of(0, 1)], 2));
    for (const damaged of [
      packed.subarray(0, 20),
      packed.subarray(0, packed.length - 8),
      new Uint8Array(4),
    ]) {
      expect(() => unpackHistogram(damaged)).toThrow(expect.objectContaining({ code: "damaged-object" }));
    }
  });
});
