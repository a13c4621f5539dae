import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type VoteTable, voteTableOf } from "../../lib/aggregate/vote-table.ts";
import { openTask } from "../../lib/local/open-task.ts";
import type { HumanFigures } from "./figures.ts";
import { recordedVoters } from "./measure-task.ts";
import { setFigures } from "./quality.ts";
import { scratchTask } from "./recorded-run.ts";

const SPLITS = ["train", "valid", "test"];

/**
 * Functions that people wrote, `votes/<set>_<split>.json` over `<set>/<split>.jsonl`, beside the recorded programs of
 * `<replies>/<set>`, run on these very rows.
 */
export async function measureHumans(folder: string, replies: string | undefined): Promise<HumanFigures[]> {
  const votes = join(folder, "votes");
  if (!existsSync(votes)) return [];
  const names = readdirSync(votes).flatMap((file) => /^(.+)_test\.json$/.exec(file)?.[1] ?? []);
  const figures: HumanFigures[] = [];
  for (const name of names.sort()) {
    const splits = SPLITS.filter((split) => existsSync(join(votes, `${name}_${split}.json`)));
    const parts = splits.map((split) => join(votes, `${name}_${split}.json`));
    figures.push({
      name,
      human: setFigures(
        joined(parts.map((file) => voteTableOf(JSON.parse(readFileSync(file, "utf8")), file))),
      ),
      synthesized: await synthesized(folder, name, splits, replies),
    });
  }
  return figures;
}

async function synthesized(
  folder: string,
  name: string,
  splits: readonly string[],
  replies: string | undefined,
): Promise<HumanFigures["synthesized"]> {
  const rows = splits.map((split) => join(folder, name, `${split}.jsonl`));
  if (!rows.every(existsSync)) return "rows missing";
  if (replies === undefined || !existsSync(join(replies, name))) return "replies missing";
  const lines = rows.map((file) => readFileSync(file, "utf8").trimEnd()).join("\n");
  using scratch = scratchTask(join(replies, name), { "all.jsonl": `${lines}\n` });
  const { task } = await openTask(scratch.path);
  const recorded = await recordedVoters(scratch.path, task, async () => null);
  return typeof recorded === "string" ? recorded : setFigures(recorded.voters);
}

function joined(parts: readonly VoteTable[]) {
  const whole = (arrays: Iterable<number>[]) => Int8Array.from(arrays.flatMap((array) => [...array]));
  return {
    classes: parts[0].classes,
    columns: parts[0].columns.map((_, program) => whole(parts.map(({ columns }) => columns[program]))),
    gold: whole(parts.map(({ labels }) => labels ?? new Int8Array())),
  };
}
