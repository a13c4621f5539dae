import { unpackColumns } from "../contracts/columns.ts";
import type { TaskName } from "../contracts/names.ts";
import type { Run } from "../contracts/objects.ts";
import type { ObjectStore } from "../ports.ts";
import type { FeatureRow } from "./features.ts";
import { pictureVectors } from "./picture-rows.ts";

/** Rows of a shard as an end model takes them; undefined where a picture cannot be read. */
export interface ShardRows {
  rows: number;
  rowAt: (row: number) => FeatureRow | undefined;
}

/** Reads a run's shards for its end model: from the first block of the stored shard, and of pictures what was stored of them. */
export function shardReader(
  store: Pick<ObjectStore, "get">,
  task: TaskName,
  { features }: Pick<Run, "features">,
): (block: Uint8Array) => Promise<ShardRows> {
  return async (block) => {
    if (features === undefined) return tableRows(block);
    const vectors = await pictureVectors(store, task, features.model, block);
    return { rows: vectors.length, rowAt: (row) => vectors[row] };
  };
}

/** Rows of a shard as programs see them. @param block as `packColumns` makes it */
function tableRows(block: Uint8Array): ShardRows {
  const { rows, columns } = unpackColumns(block);
  return {
    rows,
    rowAt: (row) =>
      Object.fromEntries(
        columns.map(({ name, kind, values }) => [
          name,
          kind === "json" ? JSON.parse(values[row] as string) : values[row],
        ]),
      ),
  };
}
