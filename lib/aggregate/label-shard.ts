import { ABSTAIN } from "../contracts/columns.ts";
import { indexVotes } from "./histogram.ts";
import { type FittedLabelModel, posteriorOf } from "./label-model.ts";
import { mostProbable } from "./winners.ts";

/** What a label model says of each row of a shard; rows share few distinct patterns, and with them all of this. */
export interface LabeledShard {
  /** [rows], each row's pattern of votes, those of dropped programs left out, by number. */
  patternOf: Uint32Array;
  /** [patterns][programs], ABSTAIN or a class. */
  patterns: Int8Array[];
  /** [patterns][classes]. */
  posteriors: Float64Array[];
  /** [patterns], the class to take, or ABSTAIN where nothing voted. */
  labels: number[];
}

/**
 * Labels a shard's rows.
 *
 * @param columns [programs] of [rows], ABSTAIN or a class
 * @param dropped [programs] whose votes do not count
 * @param balance [classes] decides between equally probable classes
 */
export function labelShardWith(
  columns: readonly Int8Array[],
  dropped: readonly boolean[],
  model: FittedLabelModel,
  balance: ArrayLike<number>,
): LabeledShard {
  const counted = columns.map((column, program) =>
    dropped[program] ? new Int8Array(column.length).fill(ABSTAIN) : column,
  );
  const { histogram, patternOfRow } = indexVotes(counted, model.classes);
  const posterior = posteriorOf(model);
  const patterns: Int8Array[] = [];
  const posteriors: Float64Array[] = [];
  const labels: number[] = [];
  for (let start = 0; start < histogram.patterns.length; start += columns.length) {
    // A task has no more classes than fit an Int8.
    const pattern = histogram.patterns.subarray(start, start + columns.length) as Int8Array;
    const probabilities = new Float64Array(model.classes);
    posterior(pattern, probabilities);
    patterns.push(pattern);
    posteriors.push(probabilities);
    const isCovered = pattern.some((vote) => vote !== ABSTAIN);
    labels.push(isCovered ? mostProbable(probabilities, balance) : ABSTAIN);
  }
  return { patternOf: patternOfRow, patterns, posteriors, labels };
}
