import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { KnownSets } from "./results/figures.ts";
import { measureResults, resultFiles } from "./results/measure-results.ts";

/** `npm run results [-- --data DIR] [--replies DIR]`: measures what is recorded and writes docs/results.md with its pictures. */
const { values } = parseArgs({ options: { data: { type: "string" }, replies: { type: "string" } } });
const root = join(import.meta.dirname, "..");
const known = KnownSets.parse(JSON.parse(readFileSync(join(root, "docs/results/sets.json"), "utf8")));
const measured = await measureResults(join(root, "examples"), known, values, (line) => console.log(line));
for (const [file, text] of Object.entries(resultFiles(measured))) {
  const path = join(root, "docs", file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote docs/${file}`);
}
