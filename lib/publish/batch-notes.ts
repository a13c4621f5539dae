import { z } from "zod";
import { ABSTAIN, unpackBlocks, unpackStrings } from "../contracts/columns.ts";
import { EndCounts, jsonBytes, parsed } from "../contracts/objects.ts";
import { addCounts, noCounts } from "../end-model/end-labels.ts";
import { addGold, GoldCounts, goldCounts } from "../evaluate/gold-counts.ts";
import { inParallel } from "../in-parallel.ts";
import type { ObjectStore } from "../ports.ts";
import { mostNotable, NotableRow, notableRows } from "./notable-rows.ts";
import type { PublishedShard } from "./published-shard.ts";

/** Marks that are fetched at once. */
const READ_AT_ONCE = 16;

/** What the report shows of single rows: kept in the mark of a published batch, merged group by group. */
export const BatchNotes = z.strictObject({
  rows: z.array(NotableRow),
  gold: GoldCounts.optional(),
  /** What an end model had a say in. */
  counts: EndCounts.optional(),
});
export type BatchNotes = z.infer<typeof BatchNotes>;

/** The notes of one shard. @param block the stored shard, whose third block is gold where there is any */
export function notesOf(shard: PublishedShard, columns: readonly Int8Array[], block: Uint8Array): BatchNotes {
  const rows = notableRows(shard);
  const [, , packedGold] = unpackBlocks(block);
  const counts = shard.counts && { counts: shard.counts };
  if (packedGold === undefined) return { rows, ...counts };
  const { distinct, which, classes } = shard;
  const numbers = new Map(classes.map((name, index) => [name, index]));
  const labels = distinct.map(({ label }) => (label === null ? ABSTAIN : (numbers.get(label) ?? ABSTAIN)));
  const gold = unpackStrings(packedGold, which.length);
  return {
    rows,
    ...counts,
    gold: goldCounts(
      {
        gold,
        labels: Int8Array.from(which, (pattern) => labels[pattern]),
        confidences: Float64Array.from(which, (pattern) => distinct[pattern].confidence ?? 0),
        columns,
      },
      classes,
    ),
  };
}

/** Notes of several shards as those of one. */
export function mergedNotes(notes: readonly BatchNotes[], classes: number): BatchNotes {
  const gold = notes.flatMap((one) => one.gold ?? []);
  const counts = notes.flatMap((one) => one.counts ?? []);
  return {
    rows: mostNotable(
      notes.flatMap(({ rows }) => rows),
      classes,
    ),
    ...(gold.length > 0 && { gold: gold.reduce(addGold) }),
    ...(counts.length > 0 && { counts: summed(counts, classes) }),
  };
}

function summed(all: readonly EndCounts[], classes: number): EndCounts {
  const sum = noCounts(classes);
  for (const counts of all) addCounts(sum, counts);
  return sum;
}

export const packNotes = (notes: BatchNotes): Uint8Array => jsonBytes(notes);

/** The notes in all marks under `prefix`, in the order of keys, so that sums have the same bytes each time. */
export async function notesUnder(store: ObjectStore, prefix: string, classes: number): Promise<BatchNotes> {
  const marks: string[] = [];
  for await (const { key } of store.list(prefix)) marks.push(key);
  let merged: BatchNotes = { rows: [] };
  for (let from = 0; from < marks.length; from += READ_AT_ONCE) {
    const read = await inParallel(marks.slice(from, from + READ_AT_ONCE), READ_AT_ONCE, async (key) =>
      parsed(BatchNotes, await store.get(key), key),
    );
    merged = mergedNotes([merged, ...read], classes);
  }
  return merged;
}
