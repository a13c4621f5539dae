import { goldFiles } from "../contracts/gold.ts";
import { keys, taskFiles } from "../contracts/keys.ts";
import type { FanOutData } from "../contracts/messages.ts";
import type { ObjectStore } from "../ports.ts";

/** Versions of all that decides whether a data file can be labeled: what was refused of one may be good of the next. */
export async function whatDecides({ task, file }: FanOutData, store: ObjectStore): Promise<string> {
  const heads = [
    keys.data(task, file),
    ...taskFiles.map((name) => keys.taskFile(task, name)),
    keys.currentSet(task),
    ...goldFiles.map((name) => keys.gold(task, name)),
  ].map(async (key) => (await store.head(key))?.version ?? "");
  return (await Promise.all(heads)).join(" ");
}
