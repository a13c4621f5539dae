import { isUtf8 } from "node:buffer";
import {
  excerptOf,
  MOST_ROW_BYTES,
  type RejectedRow,
  type Table,
  type TableBatch,
  type TableRow,
} from "./table.ts";

const MOST_COLUMNS = 10_000;

/** Reads JSON Lines: an object a line; blank lines are passed over. */
export function readJsonl(bytes: AsyncIterable<Buffer>): Table {
  const header: string[] = [];
  const known = new Set<string>();
  const learn = (row: Record<string, unknown>) => {
    for (const name in row) {
      if (!known.has(name) && known.size < MOST_COLUMNS) {
        known.add(name);
        header.push(name);
      }
    }
  };
  return {
    header,
    reader: (column) => (row) => {
      const values = row.values as Record<string, unknown>;
      return Object.hasOwn(values, column) ? values[column] : undefined;
    },
    batches: batchesOf(bytes, learn),
  };
}

async function* batchesOf(
  bytes: AsyncIterable<Buffer>,
  learn: (row: Record<string, unknown>) => void,
): AsyncGenerator<TableBatch> {
  let line = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  /** Inside a line that is already rejected for its size. */
  let skipping = false;

  const readLine = (text: string, batch: TableBatch) => {
    line += 1;
    const raw = text.trim();
    if (raw === "") return;
    const outcome = rowOf(raw, line);
    if ("reason" in outcome) batch.rejected.push(outcome);
    else {
      learn(outcome.values as Record<string, unknown>);
      batch.rows.push(outcome);
    }
  };

  const readBlock = (block: Buffer): TableBatch => {
    const batch: TableBatch = { rows: [], rejected: [] };
    if (isUtf8(block)) {
      for (const text of block.toString("utf8").split("\n")) readLine(text, batch);
    } else {
      for (let start = 0; start <= block.length; ) {
        const found = block.indexOf(0x0a, start);
        const end = found === -1 ? block.length : found;
        const bytesOfLine = block.subarray(start, end);
        if (isUtf8(bytesOfLine)) readLine(bytesOfLine.toString("utf8"), batch);
        else {
          line += 1;
          batch.rejected.push({
            line,
            reason: "bad-utf8",
            message: "the line is not UTF-8. Save the file as UTF-8.",
            excerpt: excerptOf(bytesOfLine.toString("latin1")),
          });
        }
        start = end + 1;
      }
    }
    return batch;
  };

  for await (const chunk of bytes) {
    const last = chunk.lastIndexOf(0x0a);
    if (last === -1) {
      if (skipping) continue;
      pending.push(chunk);
      pendingBytes += chunk.length;
      if (pendingBytes > MOST_ROW_BYTES) {
        yield { rows: [], rejected: [tooLarge(line + 1, pending[0])] };
        skipping = true;
        pending = [];
        pendingBytes = 0;
      }
      continue;
    }
    let start = 0;
    if (skipping) {
      start = chunk.indexOf(0x0a) + 1;
      line += 1;
      skipping = false;
    }
    // Without the last line feed, so that splitting gives no empty line of its own.
    if (last >= start) yield readBlock(Buffer.concat([...pending, chunk.subarray(start, last)]));
    pending = last + 1 < chunk.length ? [chunk.subarray(last + 1)] : [];
    pendingBytes = chunk.length - last - 1;
  }
  if (pendingBytes > 0) yield readBlock(Buffer.concat(pending));
}

const tooLarge = (line: number, head: Buffer): RejectedRow => ({
  line,
  reason: "too-large",
  message: `the line is longer than ${MOST_ROW_BYTES / 1024 / 1024} MiB.`,
  excerpt: excerptOf(head.toString("utf8", 0, 800)),
});

function rowOf(raw: string, line: number): TableRow | RejectedRow {
  const rejected = (message: string): RejectedRow => ({
    line,
    reason: "bad-json",
    message,
    excerpt: excerptOf(raw),
  });
  let values: unknown;
  try {
    values = JSON.parse(raw);
  } catch (cause) {
    return rejected(`the line is not JSON: ${(cause as Error).message}`);
  }
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    const found = values === null ? "null" : Array.isArray(values) ? "a list" : `a ${typeof values}`;
    return rejected(`found ${found}. Expected an object with a field a column.`);
  }
  return { line, raw, values: values as Record<string, unknown> };
}
