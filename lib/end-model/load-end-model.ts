import type { LabeledShard } from "../aggregate/label-shard.ts";
import { keys } from "../contracts/keys.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import { parsed, type Run, Trained } from "../contracts/objects.ts";
import type { ObjectStore } from "../ports.ts";
import { type EndLabel, type RowLabeler, rowLabeler } from "./end-labels.ts";
import { unpackEndModel } from "./model-file.ts";
import { shardReader } from "./shard-rows.ts";

/** Labels the rows of a stored shard, of which `block` is the first block, as `RowLabeler` does. */
export type EndLabeler = (
  shard: LabeledShard,
  block: Uint8Array,
  out: Float64Array,
) => Promise<Generator<EndLabel>>;

/** How a run's training went; undefined where its task asks for no end model. @throws ObjectNotFoundError, DamagedObjectError */
export async function loadTrained(
  store: ObjectStore,
  task: TaskName,
  hash: Hash,
  { endModel }: Pick<Run, "endModel">,
): Promise<Trained | undefined> {
  if (!endModel) return undefined;
  const key = keys.trained(task, hash);
  return parsed(Trained, await store.get(key), key);
}

/**
 * What labels rows at hand as a run with an end model does; undefined where its task asks for none, or there was too little to learn from.
 *
 * @param balance [classes] decides between equally probable classes
 * @throws as `loadTrained`
 */
export async function loadRowLabeler(
  store: ObjectStore,
  task: TaskName,
  hash: Hash,
  run: Pick<Run, "endModel">,
  balance: ArrayLike<number>,
): Promise<RowLabeler | undefined> {
  const trained = await loadTrained(store, task, hash, run);
  if (!trained?.isTrained) return undefined;
  const key = keys.endModel(task, hash);
  return rowLabeler(unpackEndModel(await store.get(key), key), trained.choice?.labeler ?? "both", balance);
}

/** What labels rows of the run's shards; as `loadRowLabeler`. */
export async function loadEndLabeler(
  store: ObjectStore,
  task: TaskName,
  hash: Hash,
  run: Pick<Run, "endModel" | "features">,
  balance: ArrayLike<number>,
): Promise<EndLabeler | undefined> {
  const label = await loadRowLabeler(store, task, hash, run, balance);
  if (label === undefined) return undefined;
  const read = shardReader(store, task, run);
  return async (shard, block, out) => label(shard, await read(block), out);
}
