import { keys } from "./contracts/keys.ts";
import type { FileName, TaskName } from "./contracts/names.ts";
import { parsed, type Wanted } from "./contracts/objects.ts";
import { Success } from "./contracts/receipt.ts";
import type { ObjectStore } from "./ports.ts";

/** Whether an edition's labels stand whole in the outbox and were announced: a message told twice has nothing to do. */
export async function isPublished(
  store: ObjectStore,
  task: TaskName,
  name: FileName,
  { run, edition }: Wanted,
): Promise<boolean> {
  if ((await store.head(keys.ready(task, name, run, edition))) === undefined) return false;
  return (await successOf(store, task, name))?.run === run;
}

/** Which run the labels in the outbox are of, where they are whole. */
export async function successOf(
  store: ObjectStore,
  task: TaskName,
  name: FileName,
): Promise<Success | undefined> {
  const key = keys.success(task, name);
  const found = await store.find(key);
  return found && parsed(Success, found, key);
}
