import type { AggregateResult } from "../aggregate/aggregate-result.ts";
import { posteriorOf } from "../aggregate/label-model.ts";
import { unpackBlocks } from "../contracts/columns.ts";
import type { ShardIndex } from "../contracts/names.ts";
import type { ProgramSet, Run, Source } from "../contracts/objects.ts";
import { type RawRows, unpackRaw } from "../tables/raw-rows.ts";
import { writePart } from "../tables/write-part.ts";
import { pseudolabelsOf, type ShardPseudolabels } from "./pseudolabels.ts";

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
}

/** What decides a run's labels, votes apart. */
export interface LabelingRun {
  run: Run;
  source: Source;
  set: ProgramSet;
  fitted: AggregateResult;
}

/**
 * Joins a stored shard with its votes: nothing else has a say in what is published.
 *
 * @param columns [programs] of [rows]
 */
export async function publishedShard(
  { run, source, set, fitted }: LabelingRun,
  { index, block, columns }: { index: ShardIndex; block: Uint8Array; columns: readonly Int8Array[] },
): Promise<PublishedShard> {
  const names = { programs: set.programs.map(({ id }) => id), classes: run.classes };
  const [, raw] = unpackBlocks(block);
  return {
    rows: await unpackRaw(raw),
    header: source.header,
    before: source.shards.slice(0, index).reduce((sum, { rows }) => sum + rows, 0),
    visible: source.visible,
    id: run.id,
    ...pseudolabelsOf(columns, names, posteriorOf(fitted.model), fitted.balance),
    ...names,
  };
}

/** The shard's part, as it lies in the outbox. */
export const partOf = (shard: PublishedShard, { outputFormat, outputName }: Run): Uint8Array =>
  writePart(outputFormat, { ...shard, name: outputName });
