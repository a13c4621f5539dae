import type { LabeledShard } from "../aggregate/label-shard.ts";
import { mostProbable } from "../aggregate/winners.ts";
import { ABSTAIN } from "../contracts/columns.ts";
import type { Labeler } from "../contracts/gold.ts";
import type { EndCounts } from "../contracts/objects.ts";
import { type LinearModel, poolInto, rowPosteriorOf } from "./linear-model.ts";
import type { ShardRows } from "./shard-rows.ts";

/** A row's label in a run with an end model. */
export interface EndLabel {
  /** The row's pattern of votes. */
  pattern: number;
  /** A class; ABSTAIN of a picture that cannot be read, which stays as it is without an end model. */
  label: number;
  /** Whether no program voted, so that there is the end model's word alone. */
  isAlone: boolean;
  /** Whether the votes have a say. */
  byVotes: boolean;
}

/** Labels rows, in order; `out` [classes] holds each row's distribution while it is given. */
export type RowLabeler = (shard: LabeledShard, rows: ShardRows, out: Float64Array) => Generator<EndLabel>;

/**
 * What labels the rows of shards; made once for many.
 *
 * @param labeler whose labels rows with votes get
 * @param balance [classes] decides between equally probable classes
 */
export function rowLabeler(model: LinearModel, labeler: Labeler, balance: ArrayLike<number>): RowLabeler {
  const posterior = rowPosteriorOf(model);
  return function* ({ patternOf, labels, posteriors }, { rows, rowAt }, out) {
    for (let row = 0; row < rows; row++) {
      const pattern = patternOf[row];
      const seen = rowAt(row);
      if (seen === undefined) {
        out.set(posteriors[pattern]);
        yield { pattern, label: ABSTAIN, isAlone: false, byVotes: true };
        continue;
      }
      const isAlone = labels[pattern] === ABSTAIN;
      const byVotes = !isAlone && labeler !== "endModel";
      if (byVotes && labeler === "labelModel") out.set(posteriors[pattern]);
      else posterior(seen, out);
      if (byVotes && labeler === "both") poolInto(posteriors[pattern], out);
      yield { pattern, label: mostProbable(out, balance), isAlone, byVotes };
    }
  };
}

export const noCounts = (classes: number): EndCounts => ({
  labels: new Array<number>(classes).fill(0),
  alone: 0,
  changed: 0,
});

/** Adds counts up. @param sum is changed */
export function addCounts(sum: EndCounts, { labels, alone, changed }: EndCounts): void {
  for (const [label, rows] of labels.entries()) sum.labels[label] += rows;
  sum.alone += alone;
  sum.changed += changed;
}
