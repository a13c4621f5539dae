import { unpackBlocks } from "../contracts/columns.ts";
import type { Unreadable } from "../contracts/features.ts";
import { keys } from "../contracts/keys.ts";
import type { Hash, ShardIndex, TaskName } from "../contracts/names.ts";
import { type ListedPicture, unpackPictures } from "../contracts/pictures.ts";
import type { ObjectStore } from "../ports.ts";

/** A shard's pictures as `fan-out` listed them. */
export async function loadShard(
  store: Pick<ObjectStore, "get">,
  task: TaskName,
  source: Hash,
  shard: ShardIndex,
): Promise<ListedPicture[]> {
  const [block] = unpackBlocks(await store.get(keys.shard(task, source, shard)));
  return unpackPictures(block);
}

/** Pictures that cannot be decoded as lines of rejected.jsonl. */
export const rejectedLines = (
  unreadable: readonly Unreadable[],
  pictures: readonly ListedPicture[],
): string =>
  unreadable
    .map(({ index, reason, message }) => {
      const { line, name } = pictures[index];
      return `${JSON.stringify({ line, reason, message, excerpt: name.slice(0, 200) })}\n`;
    })
    .join("");
