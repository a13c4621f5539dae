import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { histogramOf } from "../lib/aggregate/histogram.ts";
import { fitCalibrated, posteriorsOf } from "../lib/aggregate/label-model.ts";
import { labelShardWith } from "../lib/aggregate/label-shard.ts";
import { summarizeVotes } from "../lib/aggregate/program-summary.ts";
import { mostProbable } from "../lib/aggregate/winners.ts";
import { ABSTAIN } from "../lib/contracts/columns.ts";
import type { FeatureRow } from "../lib/end-model/features.ts";
import { poolInto, rowPosteriorOf } from "../lib/end-model/linear-model.ts";
import { trainingSet, trainLinear } from "../lib/end-model/train-linear.ts";

/** Texts or pictures with gold, and what programs voted on them. */
export interface VotedSet {
  name: string;
  classes: string[];
  rows: { seen: FeatureRow; gold: number; votes: number[]; isTest: boolean }[];
}

/** Accuracies in percent over all test rows, with a vote or without. */
export interface Quality {
  coverage: number;
  /** Rows without a vote get the most frequent class. */
  labelModel: number;
  endModel: number;
  /** What is published. */
  published: number;
}

interface VoteFile {
  classes: string[];
  votes: number[][];
}

/**
 * The sets of a folder: `votes/<set>_<split>.json` over `<set>/<split>.jsonl`, of which `test` is held out; or
 * `votes/<set>_llm.json` over whichever of the set's files has as many rows, of which every fifth is held out.
 */
export function textSets(folder: string): VotedSet[] {
  const votes = join(folder, "votes");
  if (!existsSync(votes)) return [];
  const names = readdirSync(votes).flatMap(
    (file) => /^(.+?)(_test|_llm)\.json$/.exec(file)?.slice(1, 3).join("") ?? [],
  );
  return names.sort().flatMap((name) => {
    const [, set, kind] = /^(.+)_(test|llm)$/.exec(name) as RegExpExecArray;
    if (!existsSync(join(folder, set))) return []; // Votes without their rows.
    if (kind === "llm") return madeByModel(folder, set);
    const splits = ["train", "valid", "test"].filter((split) =>
      existsSync(join(votes, `${set}_${split}.json`)),
    );
    const parts = splits.map((split) =>
      rowsOf(folder, `${set}/${split}`, `${set}_${split}`, () => split === "test"),
    );
    return [{ name: set, classes: parts[0].classes, rows: parts.flatMap(({ rows }) => rows) }];
  });
}

function madeByModel(folder: string, set: string): VotedSet[] {
  const { votes } = JSON.parse(readFileSync(join(folder, "votes", `${set}_llm.json`), "utf8")) as VoteFile;
  const files = readdirSync(join(folder, set)).filter((file) => file.endsWith(".jsonl"));
  const file = files.find((one) => linesOf(join(folder, set, one)).length === votes.length);
  if (file === undefined) return [];
  const { classes, rows } = rowsOf(
    folder,
    `${set}/${file.replace(".jsonl", "")}`,
    `${set}_llm`,
    (row) => row % 5 === 0,
  );
  return [{ name: `${set}_llm`, classes, rows }];
}

const linesOf = (path: string): string[] => readFileSync(path, "utf8").trim().split("\n");

function rowsOf(folder: string, texts: string, voteFile: string, isTest: (row: number) => boolean) {
  const { classes, votes } = JSON.parse(
    readFileSync(join(folder, "votes", `${voteFile}.json`), "utf8"),
  ) as VoteFile;
  const rows = linesOf(join(folder, `${texts}.jsonl`)).map((line, row) => {
    const { text, label } = JSON.parse(line) as { text: string; label: string };
    return { seen: { text }, gold: classes.indexOf(label), votes: votes[row], isTest: isTest(row) };
  });
  return { classes, rows };
}

/** The default recipe on a set: label model fitted to all votes, end model trained on rows that are no test rows. */
export function qualityOf({ classes, rows }: VotedSet): Quality {
  const columns = rows[0].votes.map((_, program) => Int8Array.from(rows, ({ votes }) => votes[program]));
  const histogram = histogramOf(columns, classes.length);
  const model = fitCalibrated("auto", histogram, {});
  const { balance } = summarizeVotes(histogram, model, posteriorsOf(model, histogram));
  const { patternOf, labels, posteriors } = labelShardWith(
    columns,
    columns.map(() => false),
    model,
    balance,
  );
  const { set, add } = trainingSet(classes.length);
  for (const [row, { seen, isTest }] of rows.entries()) {
    const label = labels[patternOf[row]];
    if (!isTest && label !== ABSTAIN) add(seen, label, row % 5 === 1);
  }
  const posterior = rowPosteriorOf(trainLinear(set).model);
  const usual = mostProbable(Float64Array.from(balance), balance);
  const out = new Float64Array(classes.length);
  const right = { coverage: 0, labelModel: 0, endModel: 0, published: 0 };
  let tested = 0;
  for (const [row, { seen, gold, isTest }] of rows.entries()) {
    if (!isTest) continue;
    const pattern = patternOf[row];
    const isCovered = labels[pattern] !== ABSTAIN;
    tested += 1;
    right.coverage += isCovered ? 1 : 0;
    right.labelModel += (isCovered ? labels[pattern] : usual) === gold ? 1 : 0;
    posterior(seen, out);
    right.endModel += mostProbable(out, balance) === gold ? 1 : 0;
    if (isCovered) poolInto(posteriors[pattern], out);
    right.published += mostProbable(out, balance) === gold ? 1 : 0;
  }
  const percent = (count: number) => (100 * count) / tested;
  return {
    coverage: percent(right.coverage),
    labelModel: percent(right.labelModel),
    endModel: percent(right.endModel),
    published: percent(right.published),
  };
}

/** The mean of each accuracy. */
export function meanOf(all: readonly Quality[]): Quality {
  const mean = (of: keyof Quality) => all.reduce((sum, quality) => sum + quality[of], 0) / all.length;
  return {
    coverage: mean("coverage"),
    labelModel: mean("labelModel"),
    endModel: mean("endModel"),
    published: mean("published"),
  };
}

/** Prints what sets came to as a table for docs/end-model.md. */
export function printQualities(found: readonly [name: string, quality: Quality][]): void {
  const columns = ["coverage", "labelModel", "endModel", "published"] as const;
  const line = (name: string, cells: readonly string[]) =>
    console.log(`| ${name.padEnd(14)} | ${cells.map((cell) => cell.padStart(10)).join(" | ")} |`);
  line("accuracy, %", columns);
  line("---", Array(columns.length).fill("---:"));
  for (const [name, quality] of found) {
    const cells = columns.map((column) => quality[column].toFixed(1));
    line(name, cells);
  }
}
