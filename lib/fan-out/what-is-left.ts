import { keys } from "../contracts/keys.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import type { Run } from "../contracts/objects.ts";
import { isComplete } from "../fan-in.ts";
import type { ObjectStore } from "../ports.ts";
import { loadSource } from "../run-objects.ts";
import { successOf } from "../success.ts";

/**
 * What is there of labels that were ready once: all; all but their mark, which a late message of an earlier run took and will
 * bring back; or not all, because somebody took
 * labels away, or their receipt or report.
 */
export async function whatIsLeft(
  task: TaskName,
  { name, source: address }: Run,
  run: Hash,
  store: ObjectStore,
): Promise<"all" | "parts" | "less"> {
  const source = await loadSource(store, task, address);
  const parts = source?.shards.length ?? Number.POSITIVE_INFINITY;
  if (!(await isComplete(store, keys.partsOf(task, name), parts))) return "less";
  for (const key of [keys.receipt(task, name), keys.report(task, name)]) {
    if ((await store.head(key)) === undefined) return "less";
  }
  return (await successOf(store, task, name))?.run === run ? "all" : "parts";
}
