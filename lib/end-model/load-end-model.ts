import { keys } from "../contracts/keys.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import { parsed, type Run, Trained } from "../contracts/objects.ts";
import type { ObjectStore } from "../ports.ts";
import { type EndLabeler, endLabeler } from "./end-labels.ts";
import { unpackEndModel } from "./model-file.ts";

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
 * What labels rows in a run with an end model; undefined where its task asks for none, or there was too little to learn from.
 *
 * @param balance [classes] decides between equally probable classes
 * @throws as `loadTrained`
 */
export async function loadEndLabeler(
  store: ObjectStore,
  task: TaskName,
  hash: Hash,
  run: Pick<Run, "endModel">,
  balance: ArrayLike<number>,
): Promise<EndLabeler | undefined> {
  const trained = await loadTrained(store, task, hash, run);
  if (!trained?.isTrained) return undefined;
  const key = keys.endModel(task, hash);
  return endLabeler(unpackEndModel(await store.get(key), key), trained.choice?.labeler ?? "both", balance);
}
