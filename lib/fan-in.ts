import { GROUP_SIZE } from "./contracts/keys.ts";
import type { ObjectStore } from "./ports.ts";

/**
 * Whether every marker under `prefix` is there. A group holds at most 1,000, one page of a listing, so a finisher
 * pays one request; whoever writes the last marker sees them all, and a second finisher only repeats a message.
 */
export async function isComplete(store: ObjectStore, prefix: string, expected: number): Promise<boolean> {
  let found = 0;
  for await (const _ of store.list(prefix)) found += 1;
  return found >= expected;
}

/** Shards in a group of a run that has `shards` of them. */
export const sizeOfGroup = (shards: number, group: number): number =>
  Math.min(GROUP_SIZE, shards - group * GROUP_SIZE);

/** Groups of a run that has `shards` shards. */
export const groupsOf = (shards: number): number => Math.ceil(shards / GROUP_SIZE);
