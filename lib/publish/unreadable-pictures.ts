import { keys } from "../contracts/keys.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import type { Source } from "../contracts/objects.ts";
import type { ObjectStore } from "../ports.ts";

/** Lines that a receipt names for each problem. */
const NAMED_LINES = 10;

/** The source as a receipt tells of it: pictures that turned out not to be readable are rows that could not be used. */
export async function withUnreadable(
  store: Pick<ObjectStore, "list" | "get">,
  task: TaskName,
  address: Hash,
  source: Source,
): Promise<Source> {
  const rejected = structuredClone(source.rejected);
  let { rows } = source;
  for await (const { key } of store.list(keys.unreadableOf(task, address))) {
    const lines = new TextDecoder()
      .decode(await store.get(key))
      .trimEnd()
      .split("\n");
    for (const text of lines) {
      const { reason, line } = JSON.parse(text) as { reason: string; line: number };
      rejected[reason] ??= { rows: 0, lines: [] };
      rejected[reason].rows += 1;
      if (rejected[reason].lines.length < NAMED_LINES) rejected[reason].lines.push(line);
      rows -= 1;
    }
  }
  return { ...source, rejected, rows };
}
