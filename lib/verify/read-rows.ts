import type { AggregateResult } from "../aggregate/aggregate-result.ts";
import { droppedPrograms } from "../aggregate/dropped.ts";
import { labelShardWith } from "../aggregate/label-shard.ts";
import { ABSTAIN, type Column, unpackBlocks, unpackColumns, unpackStrings } from "../contracts/columns.ts";
import { keys } from "../contracts/keys.ts";
import { ShardIndex, type TaskName } from "../contracts/names.ts";
import type { Run, Source } from "../contracts/objects.ts";
import { unpackVotes } from "../contracts/votes.ts";
import type { EndLabeler } from "../end-model/load-end-model.ts";
import { inParallel } from "../in-parallel.ts";
import type { ObjectStore } from "../ports.ts";
import type { Position } from "./sampled-rows.ts";

/** Shards in memory at once. */
const AT_ONCE = 3;

/** What a run knows of a row. */
export interface Judged extends Position {
  /** [programs], a class or ABSTAIN. */
  votes: Int8Array;
  /** The label that would be published, or ABSTAIN where there is none. */
  label: number;
  /** The probability of that label; 0 where there is none. */
  confidence: number;
}

/** A run with what is needed to read its rows back. */
export interface OpenRun {
  task: TaskName;
  run: Run;
  source: Source;
  fitted: Pick<AggregateResult, "model" | "balance" | "statistics">;
  endLabel: EndLabeler | undefined;
}

/** Votes, label and confidence of every row of one shard, in order. */
export async function judgedShard(open: OpenRun, shard: number, store: ObjectStore): Promise<Judged[]> {
  const { task, run, source, fitted, endLabel } = open;
  const { columns } = unpackVotes(await store.get(keys.votes(task, source.shards[shard].hash, run.set)));
  const dropped = droppedPrograms(fitted.statistics);
  const labeled = labelShardWith(columns, dropped, fitted.model, fitted.balance);
  const { patternOf, patterns, posteriors, labels } = labeled;
  if (!endLabel) {
    return Array.from(patternOf, (pattern, row) => {
      const label = labels[pattern];
      const confidence = label === ABSTAIN ? 0 : posteriors[pattern][label];
      return { shard, row, votes: patterns[pattern], label, confidence };
    });
  }
  const [visible] = await blocksOf(open, shard, store);
  const probabilities = new Float64Array(run.classes.length);
  const judged: Judged[] = [];
  for (const { pattern, label } of await endLabel(labeled, visible, probabilities)) {
    const confidence = label === ABSTAIN ? 0 : probabilities[label];
    judged.push({ shard, row: judged.length, votes: patterns[pattern], label, confidence });
  }
  return judged;
}

/** What programs see of rows wherever they lie, by column. @returns in the order of `positions` */
export const readValues = (
  positions: readonly Position[],
  open: OpenRun,
  store: ObjectStore,
): Promise<Record<string, unknown>[]> =>
  byShard(positions, open, store, ([visible]) => {
    const { columns } = unpackColumns(visible);
    return (row) => Object.fromEntries(columns.map((column) => [column.name, valueAt(column, row)]));
  });

/** The gold of rows, empty where they have none: for a comparison that the task asks for, and nothing else. */
export const readGold = (
  positions: readonly Position[],
  open: OpenRun,
  store: ObjectStore,
): Promise<string[]> =>
  byShard(positions, open, store, ([, , packed], rows) => {
    const gold = packed && unpackStrings(packed, rows);
    return (row) => gold?.[row] ?? "";
  });

/** Reads each shard once, whatever rows of it are wanted. */
async function byShard<T>(
  positions: readonly Position[],
  open: OpenRun,
  store: ObjectStore,
  read: (blocks: Uint8Array[], rows: number) => (row: number) => T,
): Promise<T[]> {
  const found = new Array<T>(positions.length);
  const wanted = Map.groupBy(positions.keys(), (index) => positions[index].shard);
  await inParallel([...wanted], AT_ONCE, async ([shard, indexes]) => {
    const take = read(await blocksOf(open, shard, store), open.source.shards[shard].rows);
    for (const index of indexes) found[index] = take(positions[index].row);
  });
  return found;
}

const blocksOf = async ({ task, run }: OpenRun, shard: number, store: ObjectStore): Promise<Uint8Array[]> =>
  unpackBlocks(await store.get(keys.shard(task, run.source, ShardIndex.parse(shard))));

const valueAt = ({ kind, values }: Column, row: number): unknown =>
  kind === "json" ? JSON.parse(values[row]) : values[row];
