import { hashOfJson } from "../contracts/hash.ts";
import { keys } from "../contracts/keys.ts";
import type { FileName, TaskName } from "../contracts/names.ts";
import type { ObjectHead, ObjectStore } from "../ports.ts";
import { formatOf } from "../tables/table-format.ts";

/**
 * A data file's size and version. A folder of pictures has those of its listing: a picture that is replaced by another of
 * the same size is noticed where its mark, `_SUCCESS`, is written anew with other content.
 */
export async function dataHead(
  task: TaskName,
  file: FileName,
  store: ObjectStore,
): Promise<ObjectHead | undefined> {
  const key = keys.data(task, file);
  const head = await store.head(key);
  if (head !== undefined || formatOf(file).pictures !== "folder") return head;
  let size = 0;
  const listed: [key: string, size: number][] = [];
  for await (const entry of store.list(`${key}/`)) {
    listed.push([entry.key, entry.size]);
    size += entry.size;
  }
  if (listed.length === 0) return undefined;
  return { size, version: hashOfJson([listed, (await store.head(`${key}/_SUCCESS`))?.version ?? null]) };
}
