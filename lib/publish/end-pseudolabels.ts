import type { LabeledShard } from "../aggregate/label-shard.ts";
import { ABSTAIN } from "../contracts/columns.ts";
import type { EndCounts } from "../contracts/objects.ts";
import { noCounts } from "../end-model/end-labels.ts";
import type { EndLabeler } from "../end-model/load-end-model.ts";
import { estimateOf, type Names, type ShardPseudolabels, votesOf } from "./pseudolabels.ts";

/** One pseudolabel a row of a shard, by votes and end model; no two rows need share one. @param block the first of the stored shard */
export async function endPseudolabelsOf(
  shard: LabeledShard,
  block: Uint8Array,
  label: EndLabeler,
  names: Names,
): Promise<ShardPseudolabels & { counts: EndCounts }> {
  const votes = shard.patterns.map((pattern) => votesOf(pattern, names));
  const probabilities = new Float64Array(names.classes.length);
  const counts = noCounts(names.classes.length);
  const distinct: ShardPseudolabels["distinct"] = [];
  const labels = await label(shard, block, probabilities);
  for (const { pattern, label: chosen, isAlone, byVotes } of labels) {
    if (chosen !== ABSTAIN) counts.labels[chosen] += 1;
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
