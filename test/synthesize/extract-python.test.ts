import { expect, it } from "vitest";
import { extractPython } from "../../lib/synthesize/extract-python.ts";

const CODE = "def label_function(text):\n    return -1";
const from = (text: string, finishReason = "stop") => extractPython({ text, finishReason });

it.each([
  ["a block marked python", `Here:\n\`\`\`python\n${CODE}\n\`\`\`\nDone.`],
  ["a block without a mark", `\`\`\`\n${CODE}\n\`\`\``],
  ["a reply that is a program", CODE],
  ["the one block of several that defines it", `\`\`\`py\nx = 1\n\`\`\`\n\`\`\`py\n${CODE}\n\`\`\``],
])("takes the program from %s", (_name, text) => {
  expect(from(text)).toEqual({ source: `${CODE}\n` });
});

it.each([
  ["nothing", "", "stop", "it is empty"],
  [
    "JavaScript",
    "```javascript\nfunction label(row) { return null; }\n```",
    "stop",
    "its code block is marked javascript, where Python was asked for",
  ],
  ["prose", "I would look at the words.", "stop", "it has no Python code block"],
  [
    "another function",
    "```python\ndef f(x): return 1\n```",
    "stop",
    "its code does not define label_function at the top level",
  ],
  [
    "two programs",
    `\`\`\`python\n${CODE}\n\`\`\`\n\`\`\`python\n${CODE}\n\`\`\``,
    "stop",
    "it has 2 code blocks that define label_function, where one was asked for",
  ],
  [
    "half a program",
    "```python\nimport re",
    "length",
    "it was cut off before its end; write a shorter program",
  ],
])("says what is wrong with %s", (_name, text, finishReason, reason) => {
  expect(from(text, finishReason)).toEqual({ reason });
});
