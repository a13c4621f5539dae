import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { VoteArray } from "../lib/aggregate/vote-array.ts";
import { aggregateVotes } from "../lib/aggregate/vote-file.ts";
import { type VoteTable, voteTableOf } from "../lib/aggregate/vote-table.ts";
import { LabelModelName } from "../lib/contracts/label-models.ts";

/**
 * Accuracy (ties shared) of every label model on sets of votes with gold, rows with a vote, all splits of a set fitted
 * together. A folder of `<set>.json` or `<set>_<split>.json` in the shape that `alchemist aggregate` reads: VOTES, or the
 * one beside the repository.
 */
const folder = resolve(process.env.VOTES ?? join(import.meta.dirname, "../../shared/data/votes"));
if (!existsSync(folder)) {
  console.log(`skipped: no folder of votes at ${folder}; name one with VOTES=…`);
} else {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  const sets = Map.groupBy(files, (file) => file.replace(/(_(train|valid|test))?\.json$/, ""));
  const width = Math.max(...[...sets.keys()].map((name) => name.length), "mean".length);
  const models = LabelModelName.options;
  const row = (name: string, cells: string[]) =>
    console.log(`| ${name.padEnd(width)} | ${cells.map((cell) => cell.padStart(8)).join(" | ")} |`);
  row("set", ["rows", "programs", ...models.map((name) => name.replace("dawid-skene", "ds"))]);
  row("---", ["---:", "---:", ...models.map(() => "---:")]);
  const sums = models.map(() => 0);
  for (const [name, parts] of [...sets].sort()) {
    const table = joined(
      parts.map((file) => voteTableOf(JSON.parse(readFileSync(join(folder, file), "utf8")), file)),
    );
    const found = models.map((model) => 100 * (aggregateVotes(table, model).metrics?.accuracy ?? Number.NaN));
    for (const [at, accuracy] of found.entries()) sums[at] += accuracy / sets.size;
    const shape = [table.columns[0].length.toLocaleString("en"), String(table.programs.length)];
    row(name, [...shape, ...found.map((accuracy) => accuracy.toFixed(2))]);
  }
  row("mean", ["", "", ...sums.map((sum) => sum.toFixed(2))]);
}

function joined(parts: VoteTable[]): VoteTable {
  const bytes = (arrays: VoteArray[]) => Int8Array.from(arrays.flatMap((array) => [...array]));
  return {
    ...parts[0],
    columns: parts[0].columns.map((_, program) => bytes(parts.map(({ columns }) => columns[program]))),
    labels: bytes(parts.map(({ labels }) => labels ?? new Int8Array())),
  };
}
