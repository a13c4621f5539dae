import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { isolateRunner } from "../lib/adapters/isolates/isolate-runner.ts";
import { packColumns } from "../lib/contracts/columns.ts";
import { hashOf } from "../lib/contracts/hash.ts";
import { ProgramId } from "../lib/contracts/names.ts";

/**
 * The same programs in JavaScript and in Python over real mail text: votes a second of CPU time inside the programs, and on
 * how many rows the twins agree.
 *
 *     npm run bench python                ROWS=20000 npm run bench python
 */
const ROWS = Number(process.env.ROWS ?? 10_000);
const LENGTH = 400;

const TWINS: { name: string; javascript: string; python: string }[] = [
  {
    name: "a list of words",
    javascript: `const WORDS = ["free", "winner", "cash", "prize", "urgent", "click here", "limited time", "credit", "offer", "loan"];
      function label(row) {
        const text = row.text.toLowerCase();
        let found = 0;
        for (const word of WORDS) if (text.includes(word)) found++;
        return found >= 2 ? "spam" : null;
      }`,
    python: `WORDS = ["free", "winner", "cash", "prize", "urgent", "click here", "limited time", "credit", "offer", "loan"]
def label_function(text):
    text = text.lower()
    found = sum(1 for word in WORDS if word in text)
    return 0 if found >= 2 else -1
`,
  },
  {
    name: "three patterns",
    javascript: String.raw`function label(row) {
        const found = /https?:\/\/[^\s<>"]+/i.test(row.text) + /\b[0-9]{3}[-. ]?[0-9]{4}\b/.test(row.text) + /[$£€] ?[0-9]+/.test(row.text);
        return found >= 2 ? "spam" : found === 0 ? "ham" : null;
      }`,
    python: String.raw`import re
def label_function(text):
    patterns = [re.search(r"https?://[^\s<>\"]+", text, re.I), re.search(r"\b[0-9]{3}[-. ]?[0-9]{4}\b", text), re.search(r"[$£€] ?[0-9]+", text)]
    found = sum(1 for match in patterns if match)
    return 0 if found >= 2 else 1 if found == 0 else -1
`,
  },
  {
    name: "a loop over characters",
    javascript: `function label(row) {
        let upper = 0, letters = 0;
        for (let i = 0; i < row.text.length; i++) {
          const code = row.text.charCodeAt(i);
          if (code >= 65 && code <= 90) { upper++; letters++; } else if (code >= 97 && code <= 122) letters++;
        }
        return letters > 0 && upper / letters > 0.4 ? "spam" : null;
      }`,
    python: `def label_function(text):
    upper = 0
    letters = 0
    for c in text:
        if "A" <= c <= "Z":
            upper += 1
            letters += 1
        elif "a" <= c <= "z":
            letters += 1
    return 0 if letters > 0 and upper / letters > 0.4 else -1
`,
  },
  {
    name: "two sets of words",
    javascript: `const WORK = new Set("meeting project team lunch tomorrow report office patch bug server list wrote".split(" "));
      const TRADE = new Set("free credit loan cash prize winner offer deal buy cheap rates profit".split(" "));
      function label(row) {
        let work = 0, trade = 0;
        for (const word of row.text.toLowerCase().match(/[a-z']+/g) ?? []) {
          if (WORK.has(word)) work++; else if (TRADE.has(word)) trade++;
        }
        return work > trade + 1 ? "ham" : trade > work + 1 ? "spam" : null;
      }`,
    python: `import re
WORK = set("meeting project team lunch tomorrow report office patch bug server list wrote".split(" "))
TRADE = set("free credit loan cash prize winner offer deal buy cheap rates profit".split(" "))
WORD = re.compile(r"[a-z']+")
def label_function(text):
    work = 0
    trade = 0
    for word in WORD.findall(text.lower()):
        if word in WORK:
            work += 1
        elif word in TRADE:
            trade += 1
    return 1 if work > trade + 1 else 0 if trade > work + 1 else -1
`,
  },
];

const packed = readFileSync(join(import.meta.dirname, "../examples/spam-email/data/emails.jsonl.gz"));
const mail = gunzipSync(packed)
  .toString()
  .trim()
  .split("\n")
  .map((line) => (JSON.parse(line) as { text: string }).text)
  .join("\n");
const texts = Array.from({ length: ROWS }, (_, row) => {
  const at = (row * LENGTH) % (mail.length - LENGTH);
  return mail.slice(at, at + LENGTH).toWellFormed();
});

const runner = isolateRunner({ children: 1 });
const programs = TWINS.flatMap(({ javascript, python }, index) =>
  (["javascript", "python"] as const).map((language) => {
    const source = language === "python" ? python : javascript;
    return { id: ProgramId.parse(`${language}-${index}`), hash: hashOf(source), language, source };
  }),
);
const columns = packColumns([{ name: "text", kind: "text", values: texts }], ROWS);
await runner.run({ classes: ["spam", "ham"], programs, columns }); // Warms what is compiled while it runs.
const found = await runner.run({ classes: ["spam", "ham"], programs, columns });
await runner.close();

const perSecond = (cpuMs: number) =>
  Math.round(ROWS / (cpuMs / 1_000))
    .toLocaleString("en")
    .padStart(9);
console.log(`${ROWS.toLocaleString("en")} rows of ${LENGTH} characters, votes a CPU-second`);
for (const [index, { name }] of TWINS.entries()) {
  const [one, other] = found.slice(2 * index, 2 * index + 2);
  const same = one.votes.filter((vote, row) => vote === other.votes[row]).length;
  console.log(
    `  ${name.padEnd(24)} JavaScript ${perSecond(one.cpuMs)}   Python ${perSecond(other.cpuMs)}   ${(one.cpuMs / other.cpuMs).toFixed(3)} ×   ${((100 * same) / ROWS).toFixed(2)} % agree`,
  );
}
