/** Run: `npm i --no-save --ignore-scripts --prefix ../scratch sentiment@5.0.2`, then `node examples/review-sentences/prepare.ts ../scratch`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { seededShuffle } from "../seeded-shuffle.ts";

interface Entry {
  text: string;
  class: 0 | 1 | null;
}

const SEED = 7;
const SENTENCES = 3000;

/** A CSV cell, quoted only where the sentence needs it. */
function cell(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

const scratch = process.argv[2];
if (!scratch) throw new Error("Name the folder that holds node_modules/sentiment");
const fixtures = join(scratch, "node_modules/sentiment/test/fixtures");

const entries = ["amazon", "imdb", "yelp"].flatMap(
  (site) => JSON.parse(readFileSync(join(fixtures, `${site}.json`), "utf8")) as Entry[],
);
// Each file ends in an empty entry without a class.
const sentences = entries.filter((entry) => entry.class !== null);
if (sentences.length !== SENTENCES) throw new Error(`${sentences.length} sentences instead of ${SENTENCES}`);

const lines = seededShuffle(sentences, SEED).map((sentence, index) => {
  const id = `sentence-${String(index + 1).padStart(4, "0")}`;
  return `${id},${cell(sentence.text)},${sentence.class === 1 ? "positive" : "negative"}`;
});

const packed = gzipSync(`id,text,label\n${lines.join("\n")}\n`, { level: 9 });
writeFileSync(join(import.meta.dirname, "data/sentences.csv.gz"), packed);
console.log(`${lines.length} sentences, ${packed.length} bytes`);
