import type { AggregateResult } from "../aggregate/aggregate-result.ts";
import { droppedPrograms } from "../aggregate/dropped.ts";
import { labelShardWith } from "../aggregate/label-shard.ts";
import { unpackBlocks } from "../contracts/columns.ts";
import type { ShardIndex } from "../contracts/names.ts";
import type { EndCounts, ProgramSet, Run, Source } from "../contracts/objects.ts";
import type { EndLabeler } from "../end-model/load-end-model.ts";
import { type RawRows, unpackRaw } from "../tables/raw-rows.ts";
import { writePart } from "../tables/write-part.ts";
import { endPseudolabelsOf } from "./end-pseudolabels.ts";
import { pseudolabelsOf, type ShardPseudolabels } from "./pseudolabels.ts";
import { withRouted } from "./routed-labels.ts";

/** A shard with the pseudolabels that it is published with. */
export interface PublishedShard extends ShardPseudolabels {
  rows: RawRows;
  /** Columns of the whole file. */
  header: readonly string[];
  /** Rows of the shards before it. */
  before: number;
  visible: Source["visible"];
  id: string | null;
  programs: readonly string[];
  classes: readonly string[];
  /** What the end model had a say in, where there is one. */
  counts?: EndCounts;
}

/** What decides a run's labels, votes apart. */
export interface LabelingRun {
  run: Run;
  source: Source;
  set: ProgramSet;
  fitted: AggregateResult;
  /** Where the task asks for one, and there was something to learn. */
  endLabel: EndLabeler | undefined;
  /** Rows that a model labeled, by shard. */
  routed: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

/**
 * Joins a stored shard with its votes: nothing else has a say in what is published.
 *
 * @param columns [programs] of [rows]
 */
export async function publishedShard(
  { run, source, set, fitted, endLabel, routed }: LabelingRun,
  { index, block, columns }: { index: ShardIndex; block: Uint8Array; columns: readonly Int8Array[] },
): Promise<PublishedShard> {
  const names = { programs: set.programs.map(({ id }) => id), classes: run.classes };
  const [seen, raw] = unpackBlocks(block);
  const labeled = labelShardWith(columns, droppedPrograms(fitted.statistics), fitted.model, fitted.balance);
  const ends = endLabel && (await endPseudolabelsOf(labeled, seen, endLabel, names));
  return {
    rows: await unpackRaw(raw),
    header: source.header,
    before: source.shards.slice(0, index).reduce((sum, { rows }) => sum + rows, 0),
    visible: source.visible,
    id: run.id,
    ...withRouted(ends ?? pseudolabelsOf(labeled, names), routed.get(index) ?? new Map(), run.classes),
    ...(ends && { counts: ends.counts }),
    ...names,
  };
}

/** The shard's part, as it lies in the outbox. */
export const partOf = (shard: PublishedShard, { outputFormat, outputName }: Run): Uint8Array =>
  writePart(outputFormat, { ...shard, name: outputName });
