import { describe, expect, it } from "vitest";
import { checkProgram } from "../../lib/synthesize/check-program.ts";

const reasonFor = (source: string) => checkProgram(source);

describe("a program is accepted", () => {
  it.each([
    { name: "that is a function", source: "function label(row) { return null; }" },
    { name: "that is an arrow function", source: "const label = (row) => null;" },
    { name: "that is a function expression", source: "var label = function (row) { return null; };" },
    {
      name: "that counts within a row",
      source: `function label({ text }) { const seen = new Set(); const counts = {}; let n = 0; for (const w of text.split(" ")) { seen.add(w); counts[w] = (counts[w] || 0) + 1; n++; } return n > 3 ? "a" : null; }`,
    },
    {
      name: "that sorts and counts while it starts",
      source: `const words = ["b", "a"]; words.sort(); let most = 0; for (const w of words) most += w.length; function label(row) { return row.text.length > most ? words.slice().sort()[0] : null; }`,
    },
    {
      name: "whose functions use a name of the top level for their own",
      source: `const n = 1; function label(row) { let n = 0; n++; return n > 1 ? "a" : null; }`,
    },
    {
      name: "that searches with a flag g inside a function",
      source: `const words = "a, b".split(/, /g); function label(row) { return (row.text.match(/\\w/g) || []).length > words.length ? "a" : null; }`,
    },
    {
      name: "with generators beside label",
      source: "function* each() { yield 1; } function label(row) { return null; }",
    },
    {
      name: "whose functions fill tables while it starts",
      source: `const weight = new Map(); function add(words, w) { words.split(" ").forEach((x) => weight.set(x, w)); } add("a b", 1); function label(row) { return weight.has(row.text) ? "a" : null; }`,
    },
    { name: "of 32 KB", source: "function label() { return null; }".padEnd(32_768) },
  ])("$name", ({ source }) => {
    expect(reasonFor(source)).toBeUndefined();
  });
});

describe("a program is refused", () => {
  it.each([
    ["function label( {", "it does not parse as a plain script: Unexpected token (1:17)"],
    [
      "export function label() {}",
      "it does not parse as a plain script: 'import' and 'export' may appear only with 'sourceType: module' (1:0)",
    ],
    ["function classify(row) {}", "it defines no function label at its top level"],
    ["{ const label = () => null; }", "it defines no function label at its top level"],
    [`const label = "spam";`, "it defines no function label at its top level"],
    ["class label { constructor(row) {} }", "label is a class: write a function label(row)"],
    ["function* label() {}", "label is a generator: write a plain function that returns its answer"],
    [
      "const label = function* () {};",
      "label is a generator: write a plain function that returns its answer",
    ],
    ["async function label() {}", "in line 1 it has an async function: nothing can be waited for"],
    [
      "const wait = async () => 1;\nfunction label() {}",
      "in line 1 it has an async function: nothing can be waited for",
    ],
    [`function label() {\n  import("node:fs");\n}`, "in line 2 it imports a module: a program is one script"],
    ["function label(row) { with (row) return text; }", "in line 1 it has a with statement"],
    [
      "function label(row) { return 2n ** 64n > 1 ? null : null; }",
      "in line 1 it has a BigInt: use a number",
    ],
    [
      "const word = /free/gi;\nfunction label() {}",
      "in line 1 the pattern /free/gi remembers its position from row to row: drop its flag g or y, or move it into a function",
    ],
    [
      "const all = { a: [/x/, /y/y] };\nfunction label() {}",
      "in line 1 the pattern /y/y remembers its position from row to row: drop its flag g or y, or move it into a function",
    ],
  ])("%j", (source, reason) => {
    expect(reasonFor(source)).toBe(reason);
  });

  it("when it is longer than 32 KB", () => {
    expect(reasonFor("function label() {}".padEnd(32_769))).toBe(
      "it has 32769 bytes, and a program may have 32768",
    );
  });

  it.each([
    ["brackets", `const x = ${"(".repeat(30_000)}`],
    ["members", `function label() { ${"a.".repeat(15_000)}b = 1; }`],
    ["sums", `function label() { b = ${"1+".repeat(1_000)}1; }`],
    ["answers", `function label(a) { return ${"a||".repeat(10_000)}1; }`],
    ["conditions", `function label(a) { ${"if (a) return null; else ".repeat(1_000)}{} }`],
    ["functions", `function label(a) { ${"() => ".repeat(1_000)}1 }`],
  ])("without a crash when %s nest without end", (_name, source) => {
    expect(reasonFor(source)).toBe(
      "it nests more than 500 deep: write a list and a loop instead of one long expression",
    );
  });

  it.each([
    ["let n = 0; function label() { n++; }", "n"],
    ["let last; const label = (row) => { last = row.text; };", "last"],
    ["let a, b; const label = (row) => { [a, { b }] = row.pair; };", "a"],
    [
      "const seen = new Set(); function label(row) { if (seen.has(row.text)) return null; seen.add(row.text); }",
      "seen",
    ],
    ["const all = []; function remember(x) { all.push(x); } function label(row) { remember(row); }", "all"],
    [
      "let n = 0; const rules = [{ test: () => n++ }]; const label = () => { for (const { test } of rules) test(); };",
      "n",
    ],
    ["const memo = { by: {} }; function label(row) { memo.by[row.text] = 1; }", "memo"],
    ["const memo = {}; function label(row) { delete memo[row.text]; }", "memo"],
    ["function label() { label.calls = (label.calls || 0) + 1; }", "label"],
  ])("because it keeps something: %j", (source, name) => {
    expect(reasonFor(source)).toBe(
      `in line 1 it changes \`${name}\`, which lasts from row to row: a vote may depend on its row alone`,
    );
  });

  it.each([
    ["function label() { count = 1; }", "count"],
    ["function label(row) { for (word of row.text.split(' ')); }", "word"],
    ["function label() { globalThis.count = 1; }", "globalThis"],
    ["function label() { Array.prototype.last = 1; }", "Array"],
  ])("because it changes what it does not declare: %j", (source, name) => {
    expect(reasonFor(source)).toBe(
      `in line 1 it changes \`${name}\`, which it does not declare: a vote may depend on its row alone`,
    );
  });
});
