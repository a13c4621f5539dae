import { afterAll, describe, expect, it } from "vitest";
import { isolateRunner } from "../../../lib/adapters/isolates/isolate-runner.ts";
import { faults, jobOf, mixedTexts, TEXT_PROGRAMS } from "./job-of.ts";

const runner = isolateRunner({ children: 1, limits: { rowMs: 100, hangMs: 800 } });
afterAll(() => runner.close());

const ROWS = 500;
const GOOD = [
  `const seen = /cash|free/; function label(row) { return seen.test(row.text) ? "spam" : null; }`,
  `function label(row) { return row.text.length % 2 === 0 ? "ham" : "spam"; }`,
];

describe("the programs around it keep their votes when a program", () => {
  it.each([
    { name: "loops for ever", source: `function label() { for (;;); }`, expected: { timeout: 1 } },
    {
      name: "loops for ever on one row",
      source: `function label(row) { while (row.text.endsWith(" 250")); return "ham"; }`,
      expected: { timeout: 1 },
    },
    {
      name: "catches everything and loops on",
      source: `function label() { for (;;) { try { label(); } catch {} } }`,
      expected: { timeout: 1 },
    },
    {
      name: "backtracks without end",
      source: `function label() { return /^(?=(a+)+$)b/.test("a".repeat(50) + "!") ? "ham" : "spam"; }`,
      expected: { timeout: 1 },
    },
    { name: "never starts", source: `for (;;); function label() {}`, expected: { compile: ROWS } },
    {
      name: "is in a call that cannot be interrupted",
      source: `function label() { return [].indexOf.call({ length: 2 ** 53 - 1 }, 1) ? "ham" : "spam"; }`,
      expected: { killed: ROWS },
    },
    {
      name: "rejects with what cannot be looked at",
      source: `async function label() { throw Object.defineProperty(new Error(), "message", { get() { for (;;); } }); }`,
      expected: { killed: ROWS },
    },
    {
      name: "is slow on every row",
      source: `function label() { let x = 0; for (let i = 0; i < 3e7; i++) x += i % 7; return x > 0 ? "ham" : null; }`,
      expected: { killed: ROWS },
    },
  ])("$name", async ({ source, expected }) => {
    const columns = mixedTexts(ROWS);
    const alone = await runner.run(jobOf(GOOD, columns));
    const [first, bad, second] = await runner.run(jobOf([GOOD[0], source, GOOD[1]], columns));
    expect(bad.votes).toEqual(new Int8Array(ROWS).fill(-1));
    expect(bad.faults).toEqual(faults(expected));
    expect([first.votes, second.votes]).toEqual(alone.map(({ votes }) => votes));
    expect([first.faults, second.faults]).toEqual([faults(), faults()]);
  });
});

// Which comes first, the end of the memory or of the row's time, is up to the machine.
it.each([
  {
    name: "fills the memory",
    source: `const all = []; function label(row) { for (;;) all.push(row.text.split("")); }`,
  },
  {
    name: "fills the memory in a map",
    source: `const all = new Map(); let n = 0; function label() { for (;;) all.set(n++, [n]); }`,
  },
  {
    name: "fills the memory and does not let go",
    source: `const all = []; function label() { for (;;) { try { all.push(new Array(1e5).fill(1)); } catch {} } }`,
  },
])("a program that $name takes no other's memory", async ({ source }) => {
  const [{ votes, faults: counted }, good] = await runner.run(jobOf([source, GOOD[1]], mixedTexts(ROWS)));
  expect(votes).toEqual(new Int8Array(ROWS).fill(-1));
  expect(counted.killed === ROWS || counted.timeout > 0).toBe(true);
  expect(good.faults).toEqual(faults());
  expect(good.votes).toContain(1);
});

it("matches a catastrophic pattern in linear time where it can", async () => {
  const source = `function label() { return /^(a+)+$/.test("a".repeat(50) + "!") ? "ham" : "spam"; }`;
  const [{ votes }] = await runner.run(jobOf([source], mixedTexts(20)));
  expect(votes).toEqual(new Int8Array(20));
});

it("blames the program that hoards memory, not the one that needs a little at the wrong time", async () => {
  const hoard = `const all = []; function label(row) { for (let i = 0; i < 2000; i++) all.push([i, row.text]); return "ham"; }`;
  const modest = `function label(row) { return new Array(1e4).fill(row.text).length > 9 ? "spam" : null; }`;
  const outcomes = await runner.run(jobOf([hoard, modest], mixedTexts(5_000)));
  expect(outcomes.map((program) => program.faults)).toEqual([faults({ killed: 5_000 }), faults()]);
});

it.each([{ children: 1 }, { children: 2 }, { chunkRows: 1 }, { chunkRows: 333 }, { chunkBytes: 100 }])(
  "gives the same votes with %o",
  async ({ children = 1, ...limits }) => {
    const job = jobOf(TEXT_PROGRAMS, mixedTexts(1_000));
    const expected = (await runner.run(job)).map(({ votes }) => votes);
    const other = isolateRunner({ children, limits });
    const outcomes = await Promise.all([other.run(job), other.run(job), other.run(job)]);
    expect(outcomes.map((programs) => programs.map(({ votes }) => votes))).toEqual([
      expected,
      expected,
      expected,
    ]);
    await other.close();
  },
);
