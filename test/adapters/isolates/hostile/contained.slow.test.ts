import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { isolateRunner } from "../../../../lib/adapters/isolates/isolate-runner.ts";
import type { ProgramVotes } from "../../../../lib/ports.ts";
import { jobOf, mixedTexts } from "../job-of.ts";
import { FURTHER } from "./further-programs.ts";
import { ATTACKS, type Attack } from "./programs.ts";

const GOOD = [
  `function label(row) { return /cash|free/.test(row.text) ? "spam" : null; }`,
  `const W = new Set(["lunch?", "now"]); function label({ text }) { return text.split(" ").some((w) => W.has(w)) ? "ham" : null; }`,
];
const ALL = [...ATTACKS, ...FURTHER];
const ROWS = mixedTexts(400);
/** A third of what users' programs may take: most of what hostile ones do is to take all of it. */
const limits = { sliceMs: 100, rowMs: 300, hangMs: 600, jobMs: 1_000 };
const runner = isolateRunner({ children: 2, limits });
afterAll(() => runner.close());

/** An attack between two good programs. */
const between = async ({ source }: Attack): Promise<ProgramVotes[]> =>
  runner.run(jobOf([GOOD[0], source, GOOD[1]], ROWS));

const expected = await runner.run(jobOf(GOOD, ROWS));

const childrenLeft = (): number =>
  readdirSync("/proc").filter((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("isolates/child"))
        return false;
      return (
        readFileSync(`/proc/${pid}/stat`, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ")[1] === String(process.pid)
      );
    } catch {
      return false;
    }
  }).length;

describe("a hostile program costs its owner one program and nobody anything else", () => {
  it("has more than eighty ways to try", () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
    expect(ALL.length).toBeGreaterThan(80);
  });

  it.concurrent.each(ALL)("$name", { timeout: 180_000 }, async (attack) => {
    const [before, attacked, after] = await between(attack);
    expect([before.votes, after.votes]).toEqual(expected.map(({ votes }) => votes));
    expect([before.faults, after.faults]).toEqual(expected.map(({ faults }) => faults));
    if (attack.faults) {
      const counted = attack.faults.reduce((sum, reason) => sum + attacked.faults[reason], 0);
      expect(counted, JSON.stringify(attacked.faults)).toBeGreaterThan(0);
    }
  });

  it("leaves no file behind, and no process once the runner is closed", async () => {
    expect(existsSync("/tmp/hostile")).toBe(false);
    const other = isolateRunner({ children: 1, limits });
    await other.run(jobOf([ATTACKS[0].source, GOOD[0]], ROWS));
    await other.close();
    expect(childrenLeft()).toBeLessThanOrEqual(2); // Those of this file's own runner.
  });
});

it("holds with the limits that users have", { timeout: 60_000 }, async () => {
  const usual = isolateRunner({ children: 1 });
  const hostile = ATTACKS.filter(({ name }) =>
    ["an endless loop", "indexOf over a sparse list", "a map that grows"].includes(name),
  );
  const sources = [GOOD[0], ...hostile.map(({ source }) => source), GOOD[1]];
  const outcome = await usual.run(jobOf(sources, ROWS));
  await usual.close();
  expect([outcome[0].votes, outcome[4].votes]).toEqual(expected.map(({ votes }) => votes));
  expect(outcome.map(({ faults }) => faults.timeout + faults.killed > 0)).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
});

it("still labels with ten good programs among twenty hostile ones", { timeout: 300_000 }, async () => {
  const chosen = ATTACKS.filter(({ faults }) => faults?.includes("killed")).slice(0, 20);
  expect(chosen).toHaveLength(20);
  const good = Array.from(
    { length: 10 },
    (_, index) => `function label(row) { return row.text.length % ${index + 2} === 0 ? "spam" : "ham"; }`,
  );
  const mixed = chosen.flatMap(({ source }, index) =>
    index % 2 === 0 ? [source, good[index / 2]] : [source],
  );
  const alone = await runner.run(jobOf(good, ROWS));
  const outcome = await runner.run(jobOf(mixed, ROWS));
  const ofGood = outcome.filter((_, index) => good.includes(mixed[index]));
  expect(ofGood.map(({ votes }) => votes)).toEqual(alone.map(({ votes }) => votes));
});
