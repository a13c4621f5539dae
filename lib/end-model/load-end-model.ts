import { keys } from "../contracts/keys.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import { parsed, type Run, Trained } from "../contracts/objects.ts";
import type { ObjectStore } from "../ports.ts";
import type { LinearModel } from "./linear-model.ts";
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

/** A run's end model; undefined where its task asks for none, or there was too little to learn from. @throws as `loadTrained` */
export async function loadEndModel(
  store: ObjectStore,
  task: TaskName,
  hash: Hash,
  run: Pick<Run, "endModel">,
): Promise<LinearModel | undefined> {
  const trained = await loadTrained(store, task, hash, run);
  if (!trained?.isTrained) return undefined;
  const key = keys.endModel(task, hash);
  return unpackEndModel(await store.get(key), key);
}
