import type { RejectedRow, Table, TableRow } from "../../lib/tables/table.ts";

/** Bytes in chunks that end at `cuts`, whatever their order; chunks may be empty. */
export async function* chunksOf(
  content: string | Uint8Array,
  cuts: readonly number[] = [],
): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content);
  let start = 0;
  for (const cut of [...cuts].map((at) => at % (bytes.length + 1)).sort((one, other) => one - other)) {
    yield bytes.subarray(start, cut);
    start = cut;
  }
  yield bytes.subarray(start);
}

/** All of a table: its header, rows and rejected rows. */
export async function readWhole(
  table: Table,
): Promise<{ header: readonly string[]; rows: TableRow[]; rejected: RejectedRow[] }> {
  const rows: TableRow[] = [];
  const rejected: RejectedRow[] = [];
  for await (const batch of table.batches) {
    rows.push(...batch.rows);
    rejected.push(...batch.rejected);
  }
  return { header: table.header, rows, rejected };
}
