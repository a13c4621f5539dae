import { type FittedLabelModel, withoutGold } from "../aggregate/label-model.ts";
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
 * Labels rows with gold by each labeler. Gold has no say in it: the end model has not seen these rows, and the label model is
 * taken as it was before gold calibrated it. Rows without a vote are left out, because they get the end model's label anyway.
 */
export async function answersOf(
  { rows }: GoldRows,
  endModel: LinearModel,
  fitted: Fitted,
  { task, run, source }: { task: TaskName; run: Run; source: Source },
  store: ObjectStore,
): Promise<Answers[]> {
  const { balance, dropped } = fitted;
  const model = withoutGold(fitted.model);
  const posterior = rowPosteriorOf(endModel);
  const read = shardReader(store, task, run);
  const alone = new Float64Array(endModel.classes);
  const both = new Float64Array(endModel.classes);
  const answers: Answers[] = [];
  const byShard = [...Map.groupBy(rows, ([shard]) => shard)].sort(
    ([one, its], [other, others]) => others.length - its.length || one - other,
  );
  for (const [shard, labeled] of byShard.slice(0, MOST_SHARDS)) {
    const votes = unpackVotes(await store.get(keys.votes(task, source.shards[shard].hash, run.set)));
    const { patternOf, labels, posteriors } = labelShardWith(votes.columns, dropped, model, balance);
    const [columns] = unpackBlocks(await store.get(keys.shard(task, run.source, ShardIndex.parse(shard))));
    const { rowAt } = await read(columns);
    for (const [, row, label] of labeled) {
      const pattern = patternOf[row];
      const seen = rowAt(row);
      if (labels[pattern] === ABSTAIN || seen === undefined) continue;
      posterior(seen, alone);
      both.set(alone);
      poolInto(posteriors[pattern], both);
      answers.push({
        both: mostProbable(both, balance) === label,
        endModel: mostProbable(alone, balance) === label,
        labelModel: labels[pattern] === label,
      });
    }
  }
  return answers;
}
