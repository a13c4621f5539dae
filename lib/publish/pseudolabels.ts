import { indexVotes } from "../aggregate/histogram.ts";
import type { Posterior } from "../aggregate/label-model.ts";
import { mostProbable } from "../aggregate/winners.ts";
import { ABSTAIN } from "../contracts/columns.ts";
import type { Addition } from "../tables/additions.ts";

/** The pseudolabels of a shard: rows share few distinct vote patterns, and with them all of this. */
export interface ShardPseudolabels {
  distinct: Addition[];
  /** [rows], index into `distinct`. */
  which: Uint32Array;
}

/**
 * One pseudolabel a row of a shard.
 *
 * @param columns [programs] of [rows], ABSTAIN or a class
 * @param balance [classes], the estimated share of each class: of equally probable classes the more frequent one is
 *   taken, and of equally frequent ones the first of the task
 */
export function pseudolabelsOf(
  columns: readonly Int8Array[],
  names: { programs: readonly string[]; classes: readonly string[] },
  posterior: Posterior,
  balance: ArrayLike<number>,
): ShardPseudolabels {
  const { histogram, patternOfRow } = indexVotes(columns, names.classes.length);
  const probabilities = new Float64Array(names.classes.length);
  const distinct: Addition[] = [];
  for (let start = 0; start < histogram.patterns.length; start += columns.length) {
    const pattern = histogram.patterns.subarray(start, start + columns.length);
    posterior(pattern, probabilities);
    distinct.push(pseudolabel(pattern, probabilities, names, balance));
  }
  return { distinct, which: patternOfRow };
}

function pseudolabel(
  pattern: Int8Array,
  probabilities: Float64Array,
  { programs, classes }: { programs: readonly string[]; classes: readonly string[] },
  balance: ArrayLike<number>,
): Addition {
  const covered = pattern.some((vote) => vote !== ABSTAIN);
  const best = mostProbable(probabilities, balance);
  return {
    label: covered ? classes[best] : null,
    confidence: covered ? rounded(probabilities[best]) : null,
    probabilities: Object.fromEntries(classes.map((name, index) => [name, rounded(probabilities[index])])),
    votes: Object.fromEntries(
      programs.map((id, index) => [id, pattern[index] === ABSTAIN ? null : classes[pattern[index]]]),
    ),
    source: "programs",
  };
}

/** Six decimals: what a label model's estimate is worth at most, and the same text on every machine. */
const rounded = (probability: number) => Math.round(probability * 1e6) / 1e6;
