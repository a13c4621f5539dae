import { describe, expect, it } from "vitest";
import { hashOf } from "../../lib/contracts/hash.ts";
import type { Baseline } from "../../lib/contracts/receipt.ts";
import { divergenceOf, driftOf, driftWarnings } from "../../lib/publish/drift.ts";

/** A run of one program over two classes. */
const runOf = (
  name: string,
  spam: number,
  ham: number,
  rows: number,
  more: Partial<Baseline> = {},
): Baseline => ({
  run: hashOf(name),
  file: `${name}.csv`,
  rows,
  covered: rows,
  conflicting: 0,
  votes: [[spam, ham]],
  ...more,
});

/** Numbers that look random, the same each time. */
function* dice(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Rows that a program with these shares of votes makes. */
function sampled(name: string, rows: number, shares: [spam: number, ham: number], random: Generator<number>) {
  const votes = [0, 0];
  for (let row = 0; row < rows; row++) {
    const at = random.next().value;
    if (at < shares[0]) votes[0] += 1;
    else if (at < shares[0] + shares[1]) votes[1] += 1;
  }
  return runOf(name, votes[0], votes[1], rows);
}

describe("divergence", () => {
  it.each([
    { name: "is nothing between equal distributions", first: [1, 3], second: [10, 30], expected: 0 },
    {
      name: "is ln 2 between distributions that share nothing",
      first: [4, 0],
      second: [0, 9],
      expected: Math.LN2,
    },
    // ½ ln(1 / 0.75) + ½ (½ ln(0.5 / 0.75) + ½ ln(0.5 / 0.25))
    { name: "is what paper and pencil give", first: [2, 0], second: [1, 1], expected: 0.2157616 },
  ])("$name", ({ first, second, expected }) => {
    expect(divergenceOf(first, second, 0.5)).toBeCloseTo(expected, 6);
  });
});

describe("drift", () => {
  it("is never seen between samples of the same rows, however many or few", () => {
    const random = dice(1);
    for (const rows of [1, 3, 10, 30, 100, 1_000, 10_000]) {
      for (let time = 0; time < 100; time++) {
        const [before, now] = ["before", "now"].map((name) => sampled(name, rows, [0.2, 0.5], random));
        expect(driftOf(before, now, ["free"])).toBe(undefined);
      }
    }
  });

  it("is seen where a program votes for another class than before, and says what changed", () => {
    const drift = driftOf(runOf("june", 200, 500, 1_000), runOf("july", 500, 200, 1_000), ["free"]);
    expect(drift).toEqual({
      run: hashOf("june"),
      file: "june.csv",
      rows: 1_000,
      findings: [{ what: "free", before: [200, 500, 300], now: [500, 200, 300], divergence: 0.0664 }],
    });
    expect(driftWarnings(drift)).toMatchObject([
      {
        code: "drift",
        message: "Votes are not as they were when these programs first labeled a file (june.csv): free.",
      },
    ]);
  });

  it("is seen where coverage falls and where conflicts come, though each program stays near what it was", () => {
    const before = runOf("june", 200, 500, 1_000);
    const now = runOf("july", 200, 500, 1_000, { covered: 800, conflicting: 300 });
    expect(driftOf(before, now, ["free"])?.findings.map(({ what }) => what)).toEqual([
      "rows with a vote",
      "rows with votes in conflict",
    ]);
  });

  it("is not what a handful of rows shows, nor a sure difference that is too small to matter", () => {
    expect(driftOf(runOf("june", 200, 500, 1_000), runOf("july", 4, 1, 6), ["free"])).toBe(undefined);
    const million = 1_000_000;
    const small = [runOf("june", 200_000, 500_000, million), runOf("july", 210_000, 500_000, million)];
    expect(driftOf(small[0], small[1], ["free"])).toBe(undefined);
  });

  it("is nothing that a run has with itself", () => {
    const run = runOf("june", 200, 500, 1_000);
    expect(driftOf(run, { ...run, votes: [[0, 0]] }, ["free"])).toBe(undefined);
  });
});
