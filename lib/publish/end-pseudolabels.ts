import type { LabeledShard } from "../aggregate/label-shard.ts";
import type { EndCounts } from "../contracts/objects.ts";
import { type EndLabeler, noCounts } from "../end-model/end-labels.ts";
import { estimateOf, type Names, type ShardPseudolabels, votesOf } from "./pseudolabels.ts";

/** One pseudolabel a row of a shard, by votes and end model; no two rows need share one. */
export function endPseudolabelsOf(
  shard: LabeledShard,
  columns: Uint8Array,
  label: EndLabeler,
  names: Names,
): ShardPseudolabels & { counts: EndCounts } {
  const votes = shard.patterns.map((pattern) => votesOf(pattern, names));
  const probabilities = new Float64Array(names.classes.length);
  const counts = noCounts(names.classes.length);
  const distinct: ShardPseudolabels["distinct"] = [];
  for (const { pattern, label: chosen, isAlone, byVotes } of label(shard, columns, probabilities)) {
    counts.labels[chosen] += 1;
    if (isAlone) counts.alone += 1;
    else if (chosen !== shard.labels[pattern]) counts.changed += 1;
    distinct.push({
      ...estimateOf(chosen, probabilities, names.classes),
      votes: votes[pattern],
      source: byVotes ? "programs" : "endModel",
    });
  }
  return { distinct, which: Uint32Array.from(distinct.keys()), counts };
}
