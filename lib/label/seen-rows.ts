import { ABSTAIN, unpackBlocks } from "../contracts/columns.ts";
import { unpackScores } from "../contracts/features.ts";
import { keys } from "../contracts/keys.ts";
import type { Hash, ShardIndex, TaskName } from "../contracts/names.ts";
import type { Run } from "../contracts/objects.ts";
import type { ObjectStore } from "../ports.ts";

/** What programs see of a shard, and how their votes stand among all of its rows. */
export interface SeenRows {
  /** A block made by `packColumns`. */
  columns: Uint8Array;
  /** Votes on the rows that programs see → votes on all: on a picture that cannot be read every program abstains. */
  inPlace(votes: Int8Array): Int8Array;
  /** Where a row of the shard stands among those that programs see; undefined where it cannot be read. */
  placeOf(row: number): number | undefined;
  /** The inverse of `placeOf`. */
  rowOf(place: number): number;
}

export async function seenRows(
  store: Pick<ObjectStore, "get">,
  task: TaskName,
  { source, features }: Pick<Run, "source" | "features">,
  { shard, hash }: { shard: ShardIndex; hash: Hash },
): Promise<SeenRows> {
  if (features === undefined) {
    const [columns] = unpackBlocks(await store.get(keys.shard(task, source, shard)));
    return { columns, inPlace: (votes) => votes, placeOf: (row) => row, rowOf: (place) => place };
  }
  const { columns, rows, unreadable } = unpackScores(await store.get(keys.scores(task, hash)));
  const unseen = new Set(unreadable.map(({ index }) => index));
  const seen = [...Array(rows).keys()].filter((row) => !unseen.has(row));
  const places = new Map(seen.map((row, place) => [row, place]));
  return {
    columns,
    placeOf: (row) => places.get(row),
    // A program can be stopped before any row.
    rowOf: (place) => seen[place] ?? place,
    inPlace(votes) {
      const all = new Int8Array(rows).fill(ABSTAIN);
      for (const [place, row] of seen.entries()) all[row] = votes[place];
      return all;
    },
  };
}
