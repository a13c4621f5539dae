import { afterAll, describe, expect, it } from "vitest";
import { isolateRunner } from "../../../lib/adapters/isolates/isolate-runner.ts";
import type { Column } from "../../../lib/contracts/columns.ts";
import { faults, jobOf, mixedTexts, TEXT_PROGRAMS, texts } from "./job-of.ts";

const runner = isolateRunner({ children: 2 });
afterAll(() => runner.close());

/** Votes and faults of one program on few rows. */
async function outcome(source: string, columns: Column[] = texts("a", "b")) {
  const [{ votes, faults }] = await runner.run(jobOf([source], columns));
  return { votes: [...votes], faults };
}

describe("votes", () => {
  const records: Column[] = [
    { name: "area", kind: "number", values: Float64Array.from({ length: 300 }, (_, row) => row / 7) },
    { name: "place", kind: "text", values: Array.from({ length: 300 }, (_, row) => `île ${row % 11}`) },
    {
      name: 'mixed "quoted" \\ \u2028',
      kind: "json",
      values: Array.from({ length: 300 }, (_, row) => ["null", '"x"', "7.5", "[1,{}]", '{"a":1}'][row % 5]),
    },
    { name: "__proto__", kind: "number", values: new Float64Array(300).fill(3) },
  ];
  const recording = [
    `function label(row) { return row.area > 20 ? "spam" : row.place === "île 4" ? "ham" : null; }`,
    `function label(row) { const m = row['mixed "quoted" \\\\ \\u2028']; return m === null ? null : typeof m === "object" && !Array.isArray(m) ? "spam" : m === 7.5 ? "ham" : null; }`,
    `function label(row) { return Object.keys(row).length === 4 && row["__proto__"] === 3 && row.toString ? "ham" : "spam"; }`,
  ];

  it.each([
    { name: "texts", sources: TEXT_PROGRAMS, columns: mixedTexts(400) },
    { name: "records", sources: recording, columns: records },
  ])("equal those of the same functions called here, on $name", async ({ sources, columns }) => {
    const job = jobOf(sources, columns);
    const rows = columns[0].values.length;
    const expected = sources.map((source) => {
      const label = new Function(`${source}\n;return label`)() as (row: unknown) => unknown;
      return Array.from({ length: rows }, (_, row) => {
        const entries = columns.map(({ name, kind, values }) => [
          name,
          kind === "json" ? JSON.parse(values[row]) : values[row],
        ]);
        return job.classes.indexOf(label(Object.fromEntries(entries)) as string);
      });
    });
    const outcomes = await runner.run(job);
    expect(outcomes.map(({ votes }) => [...votes])).toEqual(expected);
    expect(outcomes.map((program) => program.faults)).toEqual(sources.map(() => faults()));
  });

  it("come in the order of the jobs when more of them run than children", async () => {
    const source = `function label(row) { return row.text === "x" ? "ham" : "spam"; }`;
    const jobs = Array.from({ length: 7 }, (_, index) =>
      jobOf([source], texts(...Array.from({ length: 7 }, (_, row) => (row === index ? "x" : "y")))),
    );
    const outcomes = await Promise.all(jobs.map((job) => runner.run(job)));
    expect(outcomes.map(([{ votes }]) => votes.indexOf(1))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("can be of 127 classes, and of a class called __proto__", async () => {
    const classes = [...Array.from({ length: 126 }, (_, index) => `class ${index}`), "__proto__"];
    const sources = [`const label = () => "__proto__";`, `const label = () => "class 125";`];
    const outcomes = await runner.run(jobOf(sources, texts("a"), classes));
    expect(outcomes.map(({ votes }) => votes[0])).toEqual([126, 125]);
  });

  it("are none of no rows and of no programs", async () => {
    expect((await runner.run(jobOf(["const label = () => null;"], texts())))[0].votes).toEqual(
      new Int8Array(0),
    );
    expect(await runner.run(jobOf([], texts("a")))).toEqual([]);
  });
});

describe("a program", () => {
  it.each([
    { name: "that does not compile", source: "function label(row) {", expected: { compile: 2 } },
    { name: "without label", source: "function lable(row) {}", expected: { compile: 2 } },
    { name: "whose label is no function", source: "const label = 1;", expected: { compile: 2 } },
    { name: "that throws at the start", source: "function label() {} throw 1;", expected: { compile: 2 } },
    { name: "that closes the function around it", source: "}); (function () {", expected: { compile: 2 } },
    { name: "that throws", source: "function label(row) { row.missing.field; }", expected: { error: 2 } },
    {
      name: "that throws what cannot be looked at",
      source: `function label() { throw { get message() { for (;;); }, get stack() { for (;;); } }; }`,
      expected: { error: 2 },
    },
    {
      name: "that recurses for ever",
      source: "function label(r) { return label(r) + 1; }",
      expected: { error: 2 },
    },
    { name: "that returns a number", source: "const label = () => 0;", expected: { badReturn: 2 } },
    { name: "that returns no class", source: `const label = () => "spam ";`, expected: { badReturn: 2 } },
    {
      name: "that returns a String object",
      source: `const label = () => new String("spam");`,
      expected: { badReturn: 2 },
    },
    {
      name: "that returns a promise",
      source: `async function label() { return "spam"; }`,
      expected: { badReturn: 2 },
    },
    {
      name: "that returns what answers for itself",
      source: `const label = () => ({ toString: () => "spam", valueOf: () => "spam", then: (f) => f("spam") });`,
      expected: { badReturn: 2 },
    },
  ])("$name abstains", async ({ source, expected }) => {
    const good = `const label = () => "ham";`;
    const [before, bad, after] = await runner.run(jobOf([good, source, good], texts("a", "b")));
    expect([...bad.votes]).toEqual([-1, -1]);
    expect(bad.faults).toEqual(faults(expected));
    expect([...before.votes, ...after.votes]).toEqual([1, 1, 1, 1]);
  });

  it("keeps the votes of the rows on which it does not fail", async () => {
    const source = `function label(row) { if (row.text === "a") throw 1; return row.text === "b" ? "spam" : 1; }`;
    expect(await outcome(source, texts("a", "b", "c"))).toEqual({
      votes: [-1, 0, -1],
      faults: faults({ error: 1, badReturn: 1 }),
    });
  });

  it("gets a row of its own, whatever another does with its", async () => {
    const mutate = `function label(row) { const was = row.text; row.text = "x"; Object.freeze(row.tags); delete row.tags; return was === "a" ? "ham" : "spam"; }`;
    const columns: Column[] = [...texts("a", "a"), { name: "tags", kind: "json", values: ["[1]", "[1]"] }];
    const outcomes = await runner.run(jobOf([mutate, mutate, mutate], columns));
    expect(outcomes.map(({ votes }) => [...votes])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  it("may patch everything it finds without effect on others", async () => {
    const patch = `
      JSON.parse = () => 0; Map.prototype.get = () => 0; Array.prototype[Symbol.iterator] = null;
      String.prototype.includes = () => true; RegExp.prototype.test = () => true; Function.prototype.call = null;
      Object.defineProperty(Object.prototype, "text", { set() {}, get: () => "patched" });
      function label(row) { return "spam"; }`;
    const good = `function label(row) { return row.text.includes("q") || /q/.test(row.text) ? "spam" : "ham"; }`;
    const outcomes = await runner.run(jobOf([good, patch, good], texts("a", "b")));
    expect(outcomes.map(({ votes }) => [...votes])).toEqual([
      [1, 1],
      [0, 0],
      [1, 1],
    ]);
  });

  it.each([
    ["process", "typeof process"],
    ["require", "typeof require"],
    ["the network", "typeof fetch"],
    ["timers", "typeof setTimeout"],
    ["a console", "typeof console"],
    ["locales", "typeof Intl"],
    ["WebAssembly", "typeof WebAssembly"],
    ["shared memory", "typeof SharedArrayBuffer + typeof Atomics"],
    ["buffers", "typeof ArrayBuffer + typeof Uint8Array"],
    ["proxies", "typeof Proxy"],
    ["weak references", "typeof WeakRef + typeof FinalizationRegistry"],
    ["eval", "typeof eval"],
  ])("reaches no %s", async (_name, expression) => {
    const source = `const label = () => /^(undefined)+$/.test(${expression}) ? "ham" : "spam";`;
    expect((await outcome(source)).votes).toEqual([1, 1]);
  });

  it.each([
    ["the clock", "Date.now()"],
    ["the time", "new Date()"],
    ["the date", "Date()"],
    ["randomness", "Math.random()"],
    ["code from strings", `Function("return 1")()`],
    ["a function's constructor", `(() => {}).constructor("return 1")()`],
    ["a generator's constructor", `(function* () {}).constructor("yield 1")()`],
    ["an async function's constructor", `(async () => {}).constructor("return 1")()`],
    ["a constructor's constructor", `({}).constructor.constructor("return process")()`],
  ])("that asks for %s throws", async (_name, expression) => {
    expect((await outcome(`const label = () => { ${expression}; return "spam"; };`)).faults).toEqual(
      faults({ error: 2 }),
    );
  });

  it.each([
    ["dates that are given", `new Date("2024-02-03T12:00:00").toISOString() === "2024-02-03T12:00:00.000Z"`],
    ["the parts of dates", `new Date(2024, 1, 3).getHours() === 0 && new Date(0).getTimezoneOffset() === 0`],
    [
      "kinds of dates",
      `new Date(0) instanceof Date && new Date(0).constructor === Date && Date.UTC(1970, 0) === 0`,
    ],
    ["functions' kind", `label instanceof Function`],
    ["an order of words", `["b", "a", "B"].sort((x, y) => x.localeCompare(y)).join() === "B,a,b"`],
    ["numbers as text", `(1234.5).toLocaleString("de") === "1234.5"`],
    ["Unicode", `"ß".toLocaleUpperCase("tr") === "SS" && /^\\p{L}$/u.test("é")`],
  ])("still has %s", async (_name, expression) => {
    expect((await outcome(`function label() { return ${expression} ? "ham" : "spam"; }`)).votes).toEqual([
      1, 1,
    ]);
  });
});

it("refuses work after it was closed", async () => {
  const closed = isolateRunner();
  await closed.close();
  await expect(closed.run(jobOf(["const label = () => null;"], texts("a")))).rejects.toThrow(
    "The runner of programs was closed before its work was done.",
  );
});
