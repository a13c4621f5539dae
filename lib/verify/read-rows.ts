import { indexVotes } from "../aggregate/histogram.ts";
import { type FittedLabelModel, posteriorOf } from "../aggregate/label-model.ts";
import { mostProbable } from "../aggregate/winners.ts";
import { ABSTAIN, type Column, unpackBlocks, unpackColumns, unpackStrings } from "../contracts/columns.ts";
import { keys } from "../contracts/keys.ts";
import { ShardIndex, type TaskName } from "../contracts/names.ts";
import type { Run, Source } from "../contracts/objects.ts";
import { unpackVotes } from "../contracts/votes.ts";
import { inParallel } from "../in-parallel.ts";
import type { ObjectStore } from "../ports.ts";
import type { Position } from "./sampled-rows.ts";

/** Shards in memory at once. */
const AT_ONCE = 3;

/** What a run knows of a row. */
export interface Judged extends Position {
  /** [programs], a class or ABSTAIN. */
  votes: Int8Array;
  /** The label that the programs' votes give it, or ABSTAIN where none voted. */
  label: number;
  /** The label model's probability of that label; 0 where there is none. */
  confidence: number;
}

/** A run with what is needed to read its rows back. */
export interface OpenRun {
  task: TaskName;
  run: Run;
  source: Source;
  fitted: { model: FittedLabelModel; balance: readonly number[] };
}

/** Votes, label and confidence of every row of one shard, in order. */
export async function judgedShard(open: OpenRun, shard: number, store: ObjectStore): Promise<Judged[]> {
  const { task, run, source, fitted } = open;
  const { rows, columns } = unpackVotes(
    await store.get(keys.votes(task, source.shards[shard].hash, run.set)),
  );
  const { histogram, patternOfRow } = indexVotes(columns, run.classes.length);
  const posterior = posteriorOf(fitted.model);
  const probabilities = new Float64Array(run.classes.length);
  const patterns = Array.from(histogram.counts, (_, index) => {
    const votes = histogram.patterns.subarray(index * columns.length, (index + 1) * columns.length);
    if (votes.every((vote) => vote === ABSTAIN)) return { votes, label: ABSTAIN, confidence: 0 };
    posterior(votes, probabilities);
    const label = mostProbable(probabilities, fitted.balance);
    return { votes, label, confidence: probabilities[label] };
  });
  return Array.from({ length: rows }, (_, row) => ({ shard, row, ...patterns[patternOfRow[row]] }));
}

/** What programs see of a row, by column; and its gold, which only a comparison with gold may read. */
export interface RowContent {
  values: Record<string, unknown>;
  gold: string;
}

/** Reads rows wherever they lie, each shard once. @returns in the order of `positions` */
export async function readRows<T>(
  positions: readonly Position[],
  { task, run }: Pick<OpenRun, "task" | "run">,
  store: ObjectStore,
  take: (content: RowContent, position: Position) => T,
): Promise<T[]> {
  const byShard = Map.groupBy(positions.keys(), (index) => positions[index].shard);
  const found = new Array<T>(positions.length);
  await inParallel([...byShard], AT_ONCE, async ([shard, indexes]) => {
    const blocks = unpackBlocks(await store.get(keys.shard(task, run.source, ShardIndex.parse(shard))));
    const { rows, columns } = unpackColumns(blocks[0]);
    const gold = blocks[2] && unpackStrings(blocks[2], rows);
    for (const index of indexes) {
      const { row } = positions[index];
      const values = Object.fromEntries(columns.map((column) => [column.name, valueAt(column, row)]));
      found[index] = take({ values, gold: gold?.[row] ?? "" }, positions[index]);
    }
  });
  return found;
}

const valueAt = ({ kind, values }: Column, row: number): unknown =>
  kind === "json" ? JSON.parse(values[row]) : values[row];
