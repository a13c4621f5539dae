import { unpackColumns } from "../contracts/columns.ts";
import type { FeatureRow } from "./features.ts";

/** Rows of a shard as programs see them. @param block as `packColumns` makes it */
export function shardRows(block: Uint8Array): { rows: number; rowAt: (row: number) => FeatureRow } {
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
