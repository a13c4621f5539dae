/** Run: `node examples/plausible-sentences/prepare.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seededShuffle } from "../seeded-shuffle.ts";

const SEED = 7;

/** Each line is a sentence that makes sense; with its two marked words exchanged it does not. */
const lines = readFileSync(join(import.meta.dirname, "pairs.txt"), "utf8")
  .trimEnd()
  .split("\n");
const rows = lines.flatMap((line) => {
  const parts = /^([^[]*)\[([^\]]+)\]([^[]*)\[([^\]]+)\](.*)$/.exec(line);
  if (parts === null) throw new Error(`Expected two words in brackets: ${line}`);
  const [, before, first, between, second, after] = parts;
  return [
    { text: `${before}${first}${between}${second}${after}`, label: "plausible" },
    { text: `${before}${second}${between}${first}${after}`, label: "implausible" },
  ];
});

const csv = seededShuffle(rows, SEED).map(
  ({ text, label }, index) =>
    `sentence-${String(index + 1).padStart(3, "0")},${/[",]/.test(text) ? JSON.stringify(text) : text},${label}`,
);
writeFileSync(join(import.meta.dirname, "data/sentences.csv"), `id,text,label\n${csv.join("\n")}\n`);
console.log(`${rows.length} sentences in ${lines.length} pairs`);
