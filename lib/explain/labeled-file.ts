import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { keys } from "../contracts/keys.ts";
import { FileName, ShardIndex, type TaskName } from "../contracts/names.ts";
import { unpackVotes, type Votes } from "../contracts/votes.ts";
import { loadEndLabeler } from "../end-model/load-end-model.ts";
import { DamagedObjectError, InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import { type LabelingRun, type PublishedShard, publishedShard } from "../publish/published-shard.ts";
import { routedByShard } from "../publish/routed-labels.ts";
import { loadProgramSet, loadRun, loadSource, loadVerification } from "../run-objects.ts";
import { successOf } from "../success.ts";
import { formatOf } from "../tables/table-format.ts";

/** A data file whose labels are whole, with everything that they were made from. */
export interface LabeledFile extends LabelingRun {
  task: TaskName;
  hash: LabelingRun["run"]["source"];
}

/** One shard of it, as it was published. */
export interface StoredShard {
  index: ShardIndex;
  block: Uint8Array;
  votes: Votes;
  shard: PublishedShard;
}

/**
 * Opens the run that a data file's labels are of; the receipt is not needed for it.
 *
 * @throws InvalidInputError where there are no labels, or they are of another file of this name
 */
export async function openLabeledFile(
  store: ObjectStore,
  task: TaskName,
  file: FileName,
): Promise<LabeledFile> {
  const name = FileName.parse(formatOf(file).name);
  const success = await successOf(store, task, name);
  if (success === undefined) {
    throw new InvalidInputError(
      file,
      "it is not labeled yet, or its labels are being written. Run alchemist run first.",
    );
  }
  const run = await loadRun(store, task, success.run);
  const now = await store.head(keys.data(task, file));
  if (run.file !== file || (now !== undefined && now.version !== run.version)) {
    throw new InvalidInputError(
      file,
      `the labels of ${name} are of another file${run.file === file ? " of this name" : `, ${run.file}`}. Run alchemist run for this one first, or name that one with --data.`,
    );
  }
  const source = await loadSource(store, task, run.source);
  if (source === undefined) throw new DamagedObjectError(keys.source(task, run.source));
  const verified = await loadVerification(store, task, success.run, success.edition);
  if (verified === undefined)
    throw new DamagedObjectError(keys.verification(task, success.run, success.edition));
  const fitted = await loadAggregateResult(store, task, success.run);
  return {
    task,
    hash: success.run,
    run,
    source,
    set: await loadProgramSet(store, task, run.set),
    fitted,
    endLabel: await loadEndLabeler(store, task, success.run, run, fitted.balance),
    routed: routedByShard(verified.labels),
  };
}

/** Reads a shard of a labeled file back. @throws ObjectNotFoundError, DamagedObjectError */
export async function storedShard(store: ObjectStore, file: LabeledFile, at: number): Promise<StoredShard> {
  const { task, run, source } = file;
  const index = ShardIndex.parse(at);
  const block = await store.get(keys.shard(task, run.source, index));
  const votes = unpackVotes(await store.get(keys.votes(task, source.shards[at].hash, run.set)));
  const shard = await publishedShard(file, { index, block, columns: votes.columns });
  return { index, block, votes, shard };
}

/** Which shard holds the row of a number from 1, and where. */
export function placeOf({ source }: LabeledFile, row: number): { shard: number; index: number } {
  let index = row - 1;
  for (const [shard, { rows }] of source.shards.entries()) {
    if (index < rows) return { shard, index };
    index -= rows;
  }
  throw new RangeError(`There is no row ${row}`);
}
