import { openTable } from "../../lib/tables/open-table.ts";
import type { RejectedRow, Table, TableRow } from "../../lib/tables/table.ts";
import { memoryStore } from "./memory-store.ts";

/** Bytes in pieces of `size`, as a store might stream them. */
export async function* pieces(content: Uint8Array | string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A table opened from a store that streams pieces of `size`. */
export const tableOf = (file: string, content: Uint8Array | string, size = 65_536): Promise<Table> => {
  const store = memoryStore({ [file]: content });
  const read: typeof store.read = async function* (key, range) {
    for await (const whole of store.read(key, range)) yield* pieces(whole, size);
  };
  return openTable({ store: { ...store, read }, key: file, file, unpackedKey: "unpacked" });
};

/** Everything a table holds. */
export async function allOf(table: Table): Promise<{ rows: TableRow[]; rejected: RejectedRow[] }> {
  const rows: TableRow[] = [];
  const rejected: RejectedRow[] = [];
  for await (const batch of table.batches) {
    rows.push(...batch.rows);
    rejected.push(...batch.rejected);
  }
  return { rows, rejected };
}
