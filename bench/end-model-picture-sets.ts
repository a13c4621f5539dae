import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { unpackBlocks } from "../lib/contracts/columns.ts";
import { shardReader } from "../lib/end-model/shard-rows.ts";
import { storedShard } from "../lib/explain/labeled-file.ts";
import { meanOf, type Quality, qualityOf, type VotedSet } from "./end-model-quality.ts";
import { scratchTask, withRecordedRun } from "./results/recorded-run.ts";

/** Parts of which each is held out once: sets of pictures are small. */
const FOLDS = 5;

/** Pictures with gold of a task folder, run from its recordings; those that cannot be read are left out. */
export async function pictureSet(folder: string): Promise<VotedSet> {
  using task = scratchTask(folder);
  const path = join(task.path, "task.yaml");
  const document = parseDocument(readFileSync(path, "utf8"));
  document.set("endModel", "none");
  writeFileSync(path, document.toString());
  return await withRecordedRun(task.path, "pictures", async ({ local: { store, task }, file, voters }) => {
    const read = shardReader(store, task.name, file.run);
    const rows: VotedSet["rows"] = [];
    let at = 0;
    for (const shard of file.source.shards.keys()) {
      const [block] = unpackBlocks((await storedShard(store, file, shard)).block);
      const { rows: length, rowAt } = await read(block);
      for (let row = 0; row < length; row++, at++) {
        const seen = rowAt(row);
        const votes = voters.columns.map((column) => column[at]);
        if (seen) rows.push({ seen, gold: voters.gold[at], votes, isTest: false });
      }
    }
    return { name: task.name, classes: voters.classes, rows };
  });
}

/** The mean over folds, each of which is held out once. */
export const foldedQuality = ({ rows, ...set }: VotedSet): Quality =>
  meanOf(
    Array.from({ length: FOLDS }, (_, fold) =>
      qualityOf({ ...set, rows: rows.map((row, at) => ({ ...row, isTest: at % FOLDS === fold })) }),
    ),
  );

/** The mean over programs, each of which is the only one: what there is to gain where few rows have a vote. */
export const qualityAlone = ({ rows, ...set }: VotedSet): Quality =>
  meanOf(
    rows[0].votes.map((_, program) =>
      foldedQuality({ ...set, rows: rows.map((row) => ({ ...row, votes: [row.votes[program]] })) }),
    ),
  );
