import fc from "fast-check";
import { expect, it } from "vitest";
import { pythonLabelFunction } from "../../lib/python/label-function.ts";
import { tokensOf } from "../../lib/python/tokens.ts";

const textsOf = (source: string) => tokensOf(source).map(({ text }) => text);

it.each([
  {
    name: "strings of every kind whole",
    source: `a = rb'x' + """y\n"z" """ + 'it\\'s'`,
    expected: ["a", "=", "rb'x'", "+", '"""y\n"z" """', "+", "'it\\'s'", ""],
  },
  {
    name: "an f-string with quotes of its own kind in it",
    source: 'f"{row["a"]} {{" + x',
    expected: ['f"{row["a"]} {{"', "+", "x", ""],
  },
  { name: "no comment", source: "x = 1 # re.search('a')\n", expected: ["x", "=", "1", "\n"] },
  {
    name: "a logical line over several lines",
    source: "f(a,\n  b)\\\n  + c\n",
    expected: ["f", "(", "a", ",", "b", ")", "+", "c", "\n"],
  },
  { name: "numbers", source: "1_000 0x1F 1e-5 .5", expected: ["1_000", "0x1F", "1e-5", ".5", ""] },
  {
    name: "a string that is never closed up to its line's end",
    source: "'abc\nx",
    expected: ["'abc", "\n", "x", ""],
  },
])("gives $name", ({ source, expected }) => {
  expect(textsOf(source)).toEqual(expected);
});

it("says of each token its line, its line's indent and the brackets around it", () => {
  expect(
    tokensOf("def f():\n    return (\n  1)\n").map(({ text, line, indent, depth }) => [
      text,
      line,
      indent,
      depth,
    ]),
  ).toEqual([
    ["def", 1, 0, 0],
    ["f", 1, 0, 0],
    ["(", 1, 0, 0],
    [")", 1, 0, 0],
    [":", 1, 0, 0],
    ["\n", 1, 0, 0],
    ["return", 2, 4, 0],
    ["(", 2, 4, 0],
    ["1", 3, 4, 1],
    [")", 3, 4, 0],
    ["\n", 3, 4, 0],
  ]);
});

it("takes strings that nest without end for one", () => {
  const source = 'f"{'.repeat(10_000);
  expect(textsOf(source)).toEqual([source, ""]);
});

it("comes to an end on any text, with every token where it says it is", () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    '"""',
    "f'",
    "{",
    "}",
    "(",
    ")",
    "\\",
    "\n",
    "\r",
    "#",
    " ",
    "x",
    "1",
    "é",
    "\0",
    "\ud800",
  );
  const source = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(source, (text) => {
      for (const token of tokensOf(text))
        expect(text.slice(token.at, token.at + token.text.length)).toBe(token.text);
    }),
  );
});

it.each([
  {
    name: "label_function",
    source: "def label_function(text):\n  return 1",
    expected: { name: "label_function", parameters: ["text"] },
  },
  {
    name: "label",
    source: "x = 1\ndef label(row: dict[str, int] = {}) -> int:\n  return 1",
    expected: { name: "label", parameters: ["row"] },
  },
  {
    name: "several parameters",
    source: "def label(a, *b, c=(1, 2), **d): pass",
    expected: { name: "label", parameters: ["a", "b", "c", "d"] },
  },
  {
    name: "the last of two",
    source: "def label(a): pass\ndef label(b): pass",
    expected: { name: "label", parameters: ["b"] },
  },
  {
    name: "nothing in a string or a function",
    source: "'''\ndef label(a): pass\n'''\ndef f():\n  def label(a): pass",
    expected: undefined,
  },
])("finds $name", ({ source, expected }) => {
  const found = pythonLabelFunction(tokensOf(source));
  expect(found && { name: found.name, parameters: found.parameters }).toEqual(expected);
});
