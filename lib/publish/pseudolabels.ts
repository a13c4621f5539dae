import type { LabeledShard } from "../aggregate/label-shard.ts";
import { ABSTAIN } from "../contracts/columns.ts";
import type { Addition } from "../tables/additions.ts";

/** The pseudolabels of a shard: rows share few distinct vote patterns, and with them all of this. */
export interface ShardPseudolabels {
  distinct: Addition[];
  /** [rows], index into `distinct`. */
  which: Uint32Array;
}

export interface Names {
  programs: readonly string[];
  classes: readonly string[];
}

/** One pseudolabel a row of a shard, by the votes alone. */
export const pseudolabelsOf = (
  { patterns, posteriors, labels, patternOf }: LabeledShard,
  names: Names,
): ShardPseudolabels => ({
  distinct: patterns.map((pattern, index) => ({
    ...estimateOf(labels[index], posteriors[index], names.classes),
    votes: votesOf(pattern, names),
    source: "programs",
  })),
  which: patternOf,
});

/** What is added to a row of its label. @param label a class, or ABSTAIN for none */
export const estimateOf = (
  label: number,
  probabilities: Float64Array,
  classes: readonly string[],
): Pick<Addition, "label" | "confidence" | "probabilities"> => ({
  label: label === ABSTAIN ? null : classes[label],
  confidence: label === ABSTAIN ? null : rounded(probabilities[label]),
  probabilities: Object.fromEntries(classes.map((name, index) => [name, rounded(probabilities[index])])),
});

/** What is added to a row of its votes. */
export const votesOf = (pattern: Int8Array, { programs, classes }: Names): Addition["votes"] =>
  Object.fromEntries(
    programs.map((id, index) => [id, pattern[index] === ABSTAIN ? null : classes[pattern[index]]]),
  );

/** Six decimals: what a label model's estimate is worth at most, and the same text on every machine. */
const rounded = (probability: number) => Math.round(probability * 1e6) / 1e6;
