import type { FittedLabelModel } from "../aggregate/label-model.ts";
import { labelShardWith } from "../aggregate/label-shard.ts";
import { mostProbable } from "../aggregate/winners.ts";
import { ABSTAIN, unpackBlocks } from "../contracts/columns.ts";
import { type Choice, type GoldRows, type Labeler, LEAST_ROWS_TO_CHOOSE } from "../contracts/gold.ts";
import { keys } from "../contracts/keys.ts";
import { ShardIndex, type TaskName } from "../contracts/names.ts";
import type { Run, Source } from "../contracts/objects.ts";
import { unpackVotes } from "../contracts/votes.ts";
import { type LinearModel, poolInto, rowPosteriorOf } from "../end-model/linear-model.ts";
import { shardReader } from "../end-model/shard-rows.ts";
import type { ObjectStore } from "../ports.ts";
import { crossFitted, type GoldVotes } from "./cross-fitted.ts";
import { isDrawn } from "./sample.ts";

/** Shards that are read to choose: a gigabyte or two. */
const MOST_SHARDS = 256;

/** A label model as a run's rows are labeled by it. */
export interface Fitted {
  model: FittedLabelModel;
  /** [classes] decides between equally probable classes. */
  balance: ArrayLike<number>;
  /** [programs] whose votes do not count. */
  dropped: readonly boolean[];
}

/** Of a row with gold, who labels it right. */
export type Answers = Readonly<Record<Labeler, boolean>>;

/**
 * Chooses among labelers: both models together, unless another is right more often by more than a standard error of the
 * difference on the same rows, √(rows on which exactly one of the two is right).
 */
export function choiceOf(answers: readonly Answers[]): Choice {
  let labeler: Labeler = "both";
  let most = 1;
  for (const other of ["endModel", "labelModel"] as const) {
    const better = count(answers, (row) => row[other] && !row.both);
    const worse = count(answers, (row) => row.both && !row[other]);
    const lead = (better - worse) / Math.sqrt(Math.max(1, better + worse));
    if (answers.length < LEAST_ROWS_TO_CHOOSE || lead <= most) continue;
    labeler = other;
    most = lead;
  }
  const shareOf = (one: Labeler) =>
    answers.length > 0 ? count(answers, (row) => row[one]) / answers.length : 0;
  return {
    labeler,
    rows: answers.length,
    right: { both: shareOf("both"), endModel: shareOf("endModel"), labelModel: shareOf("labelModel") },
  };
}

const count = <T>(rows: readonly T[], holds: (row: T) => boolean): number => rows.filter(holds).length;

/**
 * Labels rows with gold by each labeler, none of which has seen their labels: the end model did not learn from these rows, and
 * the label model is `crossFitted`. Rows without a vote are left out, because they get the end model's label anyway.
 */
export async function answersOf(
  { rows }: GoldRows,
  endModel: LinearModel,
  fitted: Fitted,
  { task, run, source }: { task: TaskName; run: Run; source: Source },
  store: ObjectStore,
): Promise<Answers[]> {
  const { model, balance, dropped } = fitted;
  const posterior = rowPosteriorOf(endModel);
  const read = shardReader(store, task, run);
  const found: (GoldVotes & { alone: Float64Array })[] = [];
  const byShard = [...Map.groupBy(rows, ([shard]) => shard)].sort(
    ([one, its], [other, others]) => others.length - its.length || one - other,
  );
  for (const [shard, labeled] of byShard.slice(0, MOST_SHARDS)) {
    const { hash } = source.shards[shard];
    const { columns } = unpackVotes(await store.get(keys.votes(task, hash, run.set)));
    const { patternOf, patterns, labels } = labelShardWith(columns, dropped, model, balance);
    const [block] = unpackBlocks(await store.get(keys.shard(task, run.source, ShardIndex.parse(shard))));
    const { rowAt } = await read(block);
    for (const [, row, label] of labeled) {
      const pattern = patternOf[row];
      const seen = rowAt(row);
      if (labels[pattern] === ABSTAIN || seen === undefined) continue;
      const alone = new Float64Array(endModel.classes);
      posterior(seen, alone);
      found.push({ votes: patterns[pattern], label, half: isDrawn(hash, row, "half", 0.5) ? 1 : 0, alone });
    }
  }
  const posteriors = crossFitted(model, found);
  const byVotes = new Float64Array(endModel.classes);
  return found.map(({ votes, label, half, alone }) => {
    posteriors[half](votes, byVotes);
    const both = alone.slice();
    poolInto(byVotes, both);
    return {
      both: mostProbable(both, balance) === label,
      endModel: mostProbable(alone, balance) === label,
      labelModel: mostProbable(byVotes, balance) === label,
    };
  });
}
