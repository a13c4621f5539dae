import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ABSTAIN } from "../../lib/contracts/columns.ts";
import type { StrategyScore } from "../../lib/contracts/strategy-choice.ts";
import { chooseStrategies } from "../../lib/synthesize/choose-strategies.ts";
import { chanceReason, scoreStrategies } from "../../lib/synthesize/score-strategies.ts";

const scoreOf = (strategy: string, score: number): StrategyScore => ({
  strategy,
  programs: 1,
  votes: 60,
  agreeing: 50,
  byLot: 30,
  errors: 10,
  sharedErrors: 0,
  gain: score,
  diversity: 1,
  score,
});

describe("chooseStrategies", () => {
  // Half of the rows are voted right: on 100 rows the standard error is 0.05.
  it.each([
    {
      name: "gives all to the one that is best by more than the sample's error",
      scores: [0.1, 0.4, 0.34],
      given: { a: 0, b: 5, c: 0 },
      reason: "b did best, by more than the sample's error.",
    },
    {
      name: "divides between those that the sample cannot tell apart, the best first",
      scores: [0.36, 0.1, 0.4],
      given: { a: 2, b: 0, c: 3 },
      reason: "c, a did best, and the sample cannot tell them apart.",
    },
    {
      name: "asks all in turn where none is better than lot",
      scores: [0, 0, 0],
      given: { a: 2, b: 2, c: 1 },
      reason: "No strategy was right more often than votes given by lot, so all were asked in turn.",
    },
  ])("$name", ({ scores, given, reason }) => {
    const all = scores.map((score, index) => scoreOf("abc"[index], score));
    expect(chooseStrategies(all, 100, 5)).toEqual({ given, reason });
  });

  it("gives away every program, some to the best, and none to one without a right vote while another has some", () => {
    const anyScores = fc.array(fc.double({ min: 0, max: 0.5, noNaN: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(anyScores, fc.nat({ max: 40 }), (scores, programs) => {
        const all = scores.map((score, index) => scoreOf("abcde"[index], score));
        const { given } = chooseStrategies(all, 100, programs);
        expect(Object.values(given).reduce((sum, one) => sum + one, 0)).toBe(programs);
        const best = all.toSorted((one, other) => other.score - one.score)[0];
        if (programs > 0) expect(given[best.strategy]).toBeGreaterThan(0);
        for (const { strategy, score } of all)
          if (score === 0 && best.score > 0) expect(given[strategy]).toBe(0);
      }),
    );
  });
});

describe("scoreStrategies", () => {
  const labels = Int8Array.from([0, 0, 0, 1, 1, 1, ABSTAIN]);

  it("counts right votes beyond lot, and errors that another strategy makes too", () => {
    const programs = [
      { id: "k", strategy: "keywords", votes: Int8Array.from([0, 0, 1, 1, -1, -1, 0]) },
      { id: "r", strategy: "rules", votes: Int8Array.from([-1, -1, 1, -1, -1, 0, 1]) },
      { id: "g", strategy: "general", votes: undefined },
    ];
    // keywords: three of four are right; by lot 2 × 3/4 + 2 × 1/4 = 2. Its one error is that of rules.
    const [keywords, rules, general] = scoreStrategies(programs, labels, 2);
    expect(keywords).toEqual({
      strategy: "keywords",
      programs: 1,
      votes: 4,
      agreeing: 3,
      byLot: 2,
      errors: 1,
      sharedErrors: 1,
      gain: 1 / 6,
      diversity: 0.5,
      score: (1 / 6) * 0.75,
    });
    expect(rules).toMatchObject({ votes: 2, agreeing: 0, byLot: 1, errors: 2, sharedErrors: 1, score: 0 });
    expect(general).toMatchObject({ programs: 1, votes: 0, errors: 0, gain: 0, diversity: 1, score: 0 });
  });

  it("counts which rows a program votes on, where it votes for one class", () => {
    const votes = Int8Array.from([0, 0, -1, -1, -1, -1, -1]);
    // Half of the rows are of each class, so by lot one of two votes is right.
    const [score] = scoreStrategies([{ id: "a", strategy: "rules", votes }], labels, 2);
    expect(score).toMatchObject({ votes: 2, agreeing: 2, byLot: 1, gain: 1 / 6 });
  });

  it("counts for nothing who gives every row one class", () => {
    const votes = new Int8Array(7).fill(0);
    expect(scoreStrategies([{ id: "a", strategy: "rules", votes }], labels, 2)[0].score).toBe(0);
  });
});

describe("chanceReason", () => {
  const labels = Int8Array.from({ length: 40 }, (_, row) => row % 2);
  const votesOf = (vote: (row: number) => number) => ({
    id: "p",
    strategy: "rules",
    votes: Int8Array.from({ length: 40 }, (_, row) => vote(row)),
  });

  it.each([
    {
      name: "says so of votes that follow something else than the rows",
      program: votesOf((row) => (row >> 1) % 2),
      expected:
        "on 40 labeled rows of the data 20 of its votes are right, and 20.0 would be if they were given by lot",
    },
    {
      name: "has nothing against votes that are often right",
      program: votesOf((row) => (row % 8 ? row % 2 : 1)),
    },
    {
      name: "has nothing against votes for one class that are right",
      program: votesOf((row) => (row % 2 ? 1 : ABSTAIN)),
    },
    { name: "does not judge by few votes", program: votesOf((row) => (row < 19 ? 1 - (row % 2) : ABSTAIN)) },
  ])("$name", ({ program, expected }) => {
    expect(chanceReason(program, labels, 2)).toBe(expected);
  });
});
