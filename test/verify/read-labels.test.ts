import { expect, it } from "vitest";
import { ABSTAIN } from "../../lib/contracts/columns.ts";
import { readLabels } from "../../lib/verify/read-labels.ts";

const LABELS = '{"labels":[{"row":1,"class":"ham"},{"row":2,"class":null}]}';
const read = (text: string, finishReason = "stop") => readLabels({ text, finishReason }, 2, ["spam", "ham"]);

it.each([
  { name: "bare", text: ` ${LABELS}\n` },
  { name: "in a fence", text: `\`\`\`\n${LABELS}\n\`\`\`` },
  { name: "in a fence tagged json, with blank lines", text: `\n\`\`\`JSON \n\n${LABELS}\n\n  \`\`\`\n` },
  { name: "in a fence with Windows line ends", text: `\`\`\`json\r\n${LABELS}\r\n\`\`\`` },
])("takes JSON $name", ({ text }) => {
  expect(read(text)).toEqual({ labels: [1, ABSTAIN] });
});

const NO_JSON = "it is not one JSON object";
const ROWS = "it does not name the rows 1 to 2, each once and in their order";

it.each([
  { name: "prose around a fence", text: `Here:\n\`\`\`\n${LABELS}\n\`\`\``, reason: NO_JSON },
  { name: "a fence that does not end", text: `\`\`\`json\n${LABELS}`, reason: NO_JSON },
  { name: "a fence that ends in its last line", text: `\`\`\`json\n${LABELS}\`\`\``, reason: NO_JSON },
  {
    name: "nothing but blank lines in a fence",
    text: `\`\`\`json\n${"\n".repeat(100_000)}x`,
    reason: NO_JSON,
  },
  { name: "a row too few", text: '{"labels":[{"row":1,"class":"ham"}]}', reason: ROWS },
  {
    name: "a stranger",
    text: LABELS.replace("ham", "eggs"),
    reason: 'row 1 has "eggs", which is not one of the classes',
  },
])("says what is wrong with $name", ({ text, reason }) => {
  expect(read(text)).toEqual({ reason });
});

it("says of a reply that was cut off just that", () => {
  expect(read(LABELS.slice(0, 20), "length")).toEqual({ reason: "it was cut off before its end" });
});
