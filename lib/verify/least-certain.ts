import type { ObjectStore } from "../ports.ts";
import { type Judged, judgedShard, type OpenRun } from "./read-rows.ts";

/** Rows that are kept in mind: more than any cap is likely to pay for. */
export const MOST_CANDIDATES = 100_000;

/** The rows of which the label model is least certain, and less than `below`; in that order, then in the file's. */
export async function leastCertain(open: OpenRun, below: number, store: ObjectStore): Promise<Judged[]> {
  const found: Judged[] = [];
  const keepLeast = () => {
    found.sort(
      (one, other) => one.confidence - other.confidence || one.shard - other.shard || one.row - other.row,
    );
    found.length = Math.min(found.length, MOST_CANDIDATES);
  };
  for (const shard of open.source.shards.keys()) {
    for (const row of await judgedShard(open, shard, store)) if (row.confidence < below) found.push(row);
    if (found.length > 2 * MOST_CANDIDATES) keepLeast();
  }
  keepLeast();
  return found;
}
