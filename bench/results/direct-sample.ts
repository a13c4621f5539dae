import { ABSTAIN } from "../../lib/contracts/columns.ts";
import { asker } from "../../lib/synthesize/ask.ts";
import { labelDirectly } from "../../lib/verify/label-directly.ts";
import { judgedShard, readGold, readValues } from "../../lib/verify/read-rows.ts";
import { sampledRows } from "../../lib/verify/sampled-rows.ts";
import type { TaskFigures } from "./figures.ts";
import type { RecordedRun } from "./recorded-run.ts";

/**
 * Zero-shot prompting beside the programs, on the rows that a run had a model label to judge them: how many of each
 * are right. Null where the task asks no model, or its labels are not all recorded.
 */
export async function directSample({ local, open, file }: RecordedRun): Promise<TaskFigures["sample"]> {
  const { task, store } = local;
  const { verify, classes } = file.run;
  if (verify === null || verify.by === "gold") return null;
  const ask = asker({ task: { ...task, budget: { usd: 0 } }, prices: open.settings.prices }, open.ports);
  const { model, seed } = verify;
  const positions = sampledRows(file.source, verify.rows, seed);
  const values = await readValues(positions, file, store);
  const { labels, stopped } = await labelDirectly(values, file.run, { model, seed, purpose: "verify" }, ask);
  if (stopped) return null;
  const gold = (await readGold(positions, file, store)).map((name) => classes.indexOf(name));
  const judged = await Promise.all(file.source.shards.map((_, shard) => judgedShard(file, shard, store)));
  const sample = { model, rows: 0, direct: 0, programs: 0 };
  for (const [index, { shard, row }] of positions.entries()) {
    if (gold[index] === ABSTAIN) continue;
    sample.rows += 1;
    if (labels[index] === gold[index]) sample.direct += 1;
    if (judged[shard][row].label === gold[index]) sample.programs += 1;
  }
  return sample;
}
