import { expect, it } from "vitest";
import { foreignReturn, labelFunction, parseScript } from "../../lib/synthesize/program-syntax.ts";

const foreignOf = (source: string) => {
  const program = parseScript(source);
  const label = typeof program === "string" ? undefined : labelFunction(program);
  return label && foreignReturn(label, ["spam", "ham"]);
};

it.each([
  ['function label(row) { if (row.text) { return "Spam"; } return null; }', '"Spam"'],
  ['function label(row) { return row.text ? "spam" : (row.b ? "ham" : "other"); }', '"other"'],
  ['const label = (row) => row.text && "junk";', '"junk"'],
  ["const label = function (row) { for (;;) { return 1; } };", "1"],
])("finds in %s the answer %s, which is no class", (source, expected) => {
  expect(foreignOf(source)).toBe(expected);
});

it.each([
  'function label(row) { return row.text ? "spam" : null; }',
  'function label(row) { const word = () => { return "free"; }; return word() ? "ham" : null; }',
  'function score() { return "high"; } function label(row) { return score() ? "ham" : null; }',
  "function label(row) { const best = pick(row); return best; }",
])("finds nothing wrong in %s", (source) => {
  expect(foreignOf(source)).toBeUndefined();
});
