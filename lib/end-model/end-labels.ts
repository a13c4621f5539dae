import type { LabeledShard } from "../aggregate/label-shard.ts";
import { mostProbable } from "../aggregate/winners.ts";
import { ABSTAIN } from "../contracts/columns.ts";
import type { EndCounts } from "../contracts/objects.ts";
import { type LinearModel, poolInto, rowPosteriorOf } from "./linear-model.ts";
import { shardRows } from "./shard-rows.ts";

/** A row's label with an end model: of both models where programs voted, of the end model alone where none did. */
export interface EndLabel {
  /** The row's pattern of votes. */
  pattern: number;
  label: number;
  isAlone: boolean;
}

/**
 * Labels the rows of shards.
 *
 * @param balance [classes] decides between equally probable classes
 * @returns a function of a labeled shard and its columns, as `packColumns` makes them; it gives each row's label while `out`
 *   [classes] holds its distribution
 */
export function endLabeler(model: LinearModel, balance: ArrayLike<number>) {
  const posterior = rowPosteriorOf(model);
  return function* (
    { patternOf, labels, posteriors }: LabeledShard,
    columns: Uint8Array,
    out: Float64Array,
  ): Generator<EndLabel> {
    const { rows, rowAt } = shardRows(columns);
    for (let row = 0; row < rows; row++) {
      const pattern = patternOf[row];
      const isAlone = labels[pattern] === ABSTAIN;
      posterior(rowAt(row), out);
      if (!isAlone) poolInto(posteriors[pattern], out);
      yield { pattern, label: mostProbable(out, balance), isAlone };
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
