import type { RowFeatures } from "./features.ts";

/** Rows of features behind each other, at most so many entries: what training holds of any number of rows. */
export interface FeatureTable {
  /** Rows added. */
  rows: number;
  entries: number;
  /** [rows + 1], where each row begins. */
  starts: number[];
  ids: Uint32Array;
  values: Float32Array;
}

export const featureTable = (): FeatureTable => ({
  rows: 0,
  entries: 0,
  starts: [0],
  ids: new Uint32Array(1_024),
  values: new Float32Array(1_024),
});

/** Adds a row. */
export function addRow(table: FeatureTable, { ids, values }: RowFeatures): void {
  const entries = table.entries + ids.length;
  if (entries > table.ids.length) {
    const room = Math.max(entries, Math.ceil(table.ids.length * 1.5));
    const larger = { ids: new Uint32Array(room), values: new Float32Array(room) };
    larger.ids.set(table.ids.subarray(0, table.entries));
    larger.values.set(table.values.subarray(0, table.entries));
    Object.assign(table, larger);
  }
  table.ids.set(ids, table.entries);
  table.values.set(values, table.entries);
  table.entries = entries;
  table.rows += 1;
  table.starts.push(entries);
}
