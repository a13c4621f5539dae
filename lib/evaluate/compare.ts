import { unpackBlocks, unpackStrings } from "../contracts/columns.ts";
import { keys } from "../contracts/keys.ts";
import { ShardIndex, type TaskName } from "../contracts/names.ts";
import type { Run, Source } from "../contracts/objects.ts";
import type { ObjectStore } from "../ports.ts";
import type { GoldRow } from "./evaluate.ts";
import { countInGroup, type GroupReport, groupCounter, groupReportOf } from "./groups.ts";
import { countPrediction, type Metrics, metricCounter, metricsOf } from "./metrics.ts";

/** Another way of labeling the run's rows, to compare with. */
export interface Contender {
  name: string;
  /** [rows of the shard], a class, or ABSTAIN. */
  predict(shard: ShardIndex): Promise<Int8Array>;
}

/** How good another way of labeling is. */
export interface Baseline {
  name: string;
  metrics: Metrics;
  groups?: GroupReport;
}

/** What an evaluation says besides, of tasks that name groups or label pictures. */
export interface Comparison {
  /** Of the run's own labels, where the task names a column of groups. */
  groups?: GroupReport;
  baselines: Baseline[];
}

/** A finished run in full, of which the gold column is known. */
export interface EvaluatedRun {
  store: ObjectStore;
  task: TaskName;
  run: Run;
  source: Source;
}

/** Sets other ways of labeling beside the run's own labels, on the same rows. @param rows in order */
export async function compare(
  of: EvaluatedRun,
  rows: readonly GoldRow[],
  contenders: readonly Contender[],
): Promise<Comparison> {
  const { classes } = of.run;
  const own = groupCounter();
  const counters = contenders.map(() => ({ all: metricCounter(classes.length), groups: groupCounter() }));
  let shard = -1;
  let groups: string[] | undefined;
  let predictions: Int8Array[] = [];
  for (const one of rows) {
    if (one.shard !== shard) {
      shard = one.shard;
      groups = await groupsOf(of, one.shard);
      predictions = [];
      for (const { predict } of contenders) predictions.push(await predict(one.shard));
    }
    if (groups) countInGroup(own, one.gold, groups[one.row], one.predicted);
    for (const [index, counter] of counters.entries()) {
      const predicted = predictions[index][one.row];
      countPrediction(counter.all, one.gold, predicted);
      if (groups) countInGroup(counter.groups, one.gold, groups[one.row], predicted);
    }
  }
  const report = groupReportOf(own, classes);
  return {
    ...(report && { groups: report }),
    baselines: contenders.map(({ name }, index): Baseline => {
      const ofGroups = groupReportOf(counters[index].groups, classes);
      return {
        name,
        metrics: metricsOf(counters[index].all, classes),
        ...(ofGroups && { groups: ofGroups }),
      };
    }),
  };
}

/** Values of the column of groups, each once, in the order of their letters; none where the task names none. */
export async function groupValues(of: EvaluatedRun): Promise<string[]> {
  const values = new Set<string>();
  for (const index of of.source.shards.keys()) {
    for (const group of (await groupsOf(of, ShardIndex.parse(index))) ?? []) values.add(group);
  }
  return [...values].sort();
}

async function groupsOf(
  { store, task, run, source }: EvaluatedRun,
  shard: ShardIndex,
): Promise<string[] | undefined> {
  if (run.group === undefined) return undefined;
  const [, , , groups] = unpackBlocks(await store.get(keys.shard(task, run.source, shard)));
  return unpackStrings(groups, source.shards[shard].rows);
}
