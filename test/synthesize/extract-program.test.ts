import { expect, it } from "vitest";
import { extractProgram } from "../../lib/synthesize/extract-program.ts";

const program = 'function label(row) {\n  return row.text ? "spam" : null;\n}';
const fence = (code: string, tag = "javascript") => `\`\`\`${tag}\n${code}\n\`\`\``;

it.each([
  { name: "a block tagged javascript", text: fence(program) },
  { name: "a block tagged js", text: fence(program, "js") },
  { name: "a block without a tag", text: fence(program, "") },
  { name: "a block between prose", text: `Sure!\n\n${fence(program)}\n\nIt looks at the text.` },
  { name: "a block with Windows line ends", text: fence(program).replaceAll("\n", "\r\n") },
  { name: "a block that is never closed", text: `\`\`\`javascript\n${program}` },
  { name: "the one of two blocks that defines label", text: `${fence("const a = 1;")}\n${fence(program)}` },
  {
    name: "a block beside an example of its output",
    text: `${fence(program)}\n${fence('{"a": 1}', "json")}`,
  },
  { name: "a reply that is itself a program", text: `\n${program}\n` },
])("takes the program from $name", ({ text }) => {
  expect(extractProgram({ text, finishReason: "stop" })).toEqual({ source: `${program}\n` });
});

it("takes a program that names label as a constant", () => {
  const arrow = 'const label = (row) => (row.text ? "spam" : null);';
  expect(extractProgram({ text: fence(arrow), finishReason: "stop" })).toEqual({ source: `${arrow}\n` });
});

it.each([
  { name: "empty", text: " \n", reason: "it is empty" },
  {
    name: "prose with very many blank lines",
    text: `Well${"\n".repeat(100_000)}no.`,
    reason: "it has no JavaScript code block",
  },
  { name: "prose", text: "I would look for words such as free.", reason: "it has no JavaScript code block" },
  {
    name: "two programs",
    text: `${fence(program)}\n${fence(program)}`,
    reason: "it has 2 code blocks that define label, where one was asked for",
  },
  {
    name: "Python in a block",
    text: fence("def label(row):\n    return None", "python"),
    reason: "it is a Python program, where JavaScript was asked for",
  },
  {
    name: "Python in a block without a tag",
    text: fence("import re\n\ndef label_function(text: str) -> int:  # votes\n    return -1", ""),
    reason: "it is a Python program, where JavaScript was asked for",
  },
  {
    name: "a syntax error",
    text: fence("function label(row) {\n  return ;;)\n}"),
    reason: "its code does not parse: Unexpected token (2:11)",
  },
  {
    name: "a program of another name",
    text: fence("function classify(row) { return null; }"),
    reason: "its code does not define function label(row) at the top level",
  },
  {
    name: "a module",
    text: fence(`export ${program}`),
    reason: "its code does not parse: 'import' and 'export' may appear only with 'sourceType: module' (1:0)",
  },
  {
    name: "a reply cut off",
    text: `\`\`\`javascript\n${program.slice(0, 30)}`,
    finishReason: "length",
    reason: "it was cut off before its end; write a shorter program",
  },
  { name: "thought only", text: "", finishReason: "length", reason: "it was cut off before it began" },
  {
    name: "a refusal",
    text: "I cannot help with that.",
    finishReason: "refusal",
    reason: 'the model declined to answer ("I cannot help with that.")',
  },
  {
    name: "a filtered reply",
    text: "",
    finishReason: "content_filter",
    reason: "the model declined to answer",
  },
])("says of $name why it has no program", ({ text, finishReason = "stop", reason }) => {
  expect(extractProgram({ text, finishReason })).toEqual({ reason });
});
