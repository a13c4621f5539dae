import fc from "fast-check";
import { expect, it } from "vitest";
import { wilson } from "../../lib/verify/wilson.ts";

it.each([
  // Worked by hand: (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.96.
  { name: "is as worked by hand for 90 of 100", of: [90, 100], low: 0.8256, high: 0.9448 },
  { name: "does not collapse where all agree", of: [10, 10], low: 0.7225, high: 1 },
  { name: "does not collapse where none does", of: [0, 10], low: 0, high: 0.2775 },
])("$name", ({ of: [successes, rows], low, high }) => {
  const found = wilson(successes, rows);
  expect([found.share, found.rows]).toEqual([successes / rows, rows]);
  expect(found.low).toBeCloseTo(low, 4);
  expect(found.high).toBeCloseTo(high, 4);
});

it("holds its share, lies within 0 and 1, and is mirrored where failures are counted", () => {
  const anyCount = fc
    .integer({ min: 1, max: 10_000 })
    .chain((rows) => fc.tuple(fc.nat({ max: rows }), fc.constant(rows)));
  fc.assert(
    fc.property(anyCount, ([successes, rows]) => {
      const { share, low, high } = wilson(successes, rows);
      expect(0 <= low && low <= share && share <= high && high <= 1).toBe(true);
      expect(wilson(rows - successes, rows).low).toBeCloseTo(1 - high, 12);
    }),
  );
});
