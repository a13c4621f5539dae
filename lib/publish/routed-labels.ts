import type { Verification } from "../contracts/verdict.ts";
import type { ShardPseudolabels } from "./pseudolabels.ts";

/** The rows of each shard that a model labeled: row → class. */
export function routedByShard(labels: Verification["labels"]): Map<number, Map<number, number>> {
  const byShard = new Map<number, Map<number, number>>();
  for (const [shard, row, , given] of labels) {
    const rows = byShard.get(shard) ?? new Map<number, number>();
    byShard.set(shard, rows);
    rows.set(row, given);
  }
  return byShard;
}

/**
 * Pseudolabels of a shard with a model's label on some of its rows. The votes and the label model's probabilities stay, for
 * comparison; a model's label has no confidence, because it gave none.
 */
export function withRouted(
  { distinct, which }: ShardPseudolabels,
  rows: ReadonlyMap<number, number>,
  classes: readonly string[],
): ShardPseudolabels {
  const all = [...distinct];
  const places = new Map<string, number>();
  const placeOf = which.slice();
  for (const [row, given] of rows) {
    const key = `${which[row]} ${given}`;
    const place = places.get(key) ?? all.length;
    if (place === all.length) {
      places.set(key, place);
      all.push({ ...distinct[which[row]], label: classes[given], confidence: null, source: "model" });
    }
    placeOf[row] = place;
  }
  return { distinct: all, which: placeOf };
}
