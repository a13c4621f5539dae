import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { indexVotes } from "../aggregate/histogram.ts";
import { type FittedLabelModel, posteriorOf } from "../aggregate/label-model.ts";
import { mostProbable } from "../aggregate/winners.ts";
import { ABSTAIN, unpackBlocks, unpackStrings } from "../contracts/columns.ts";
import { keys } from "../contracts/keys.ts";
import { Hash, ShardIndex, type TaskName } from "../contracts/names.ts";
import type { Receipt } from "../contracts/receipt.ts";
import { unpackVotes } from "../contracts/votes.ts";
import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import { routedByShard } from "../publish/routed-labels.ts";
import { loadRun, loadSource, loadVerification } from "../run-objects.ts";
import { wantedEdition } from "../wanted.ts";
import { countPrediction, type Metrics, metricCounter, metricsOf } from "./metrics.ts";

const NAMED_STRANGERS = 5;

/** Labels against gold: the run's label model, and majority vote over the same votes. */
export interface Evaluation {
  /** The gold column. */
  column: string;
  labelModel: string;
  /** Rows with a gold label that is a class of the task. */
  rows: number;
  chosen: Metrics;
  majority: Metrics;
  /** Gold values that are no class of the task. */
  strangers: { rows: number; examples: string[] };
}

/**
 * Compares a finished run with the gold column, shard by shard. The only reader of gold labels.
 *
 * @throws InvalidInputError where the run knows no gold column
 */
export async function evaluate(store: ObjectStore, task: TaskName, receipt: Receipt): Promise<Evaluation> {
  const hash = Hash.parse(receipt.run);
  const run = await loadRun(store, task, hash);
  const source = await loadSource(store, task, run.source);
  if (run.label === null || source === undefined) {
    throw new InvalidInputError(
      "input.label",
      "no column of gold labels is named. Name one in task.yaml and run again.",
    );
  }
  const { classes } = run;
  const { model, balance } = await loadAggregateResult(store, task, hash);
  const edition = await wantedEdition(store, task, run.name, hash);
  const verified = edition === undefined ? undefined : await loadVerification(store, task, hash, edition);
  const routed = routedByShard(verified?.labels ?? []);
  const chosen = metricCounter(classes.length);
  const majority = metricCounter(classes.length);
  const strangers = { rows: 0, examples: new Set<string>() };
  const numbers = new Map(classes.map((name, index) => [name, index]));

  for (const [index, shard] of source.shards.entries()) {
    const [, , packedGold] = unpackBlocks(
      await store.get(keys.shard(task, run.source, ShardIndex.parse(index))),
    );
    const gold = unpackStrings(packedGold, shard.rows);
    const votes = unpackVotes(await store.get(keys.votes(task, shard.hash, run.set)));
    const { histogram, patternOfRow } = indexVotes(votes.columns, classes.length);
    const byChosen = predictions(histogram.patterns, model, balance);
    const byMajority = predictions(
      histogram.patterns,
      { name: "majority", programs: model.programs, classes: classes.length },
      balance,
    );
    for (let row = 0; row < shard.rows; row++) {
      const value = gold[row];
      if (value === "") continue;
      const label = numbers.get(value);
      if (label === undefined) {
        strangers.rows += 1;
        if (strangers.examples.size < NAMED_STRANGERS) strangers.examples.add(value.slice(0, 100));
        continue;
      }
      countPrediction(chosen, label, routed.get(index)?.get(row) ?? byChosen[patternOfRow[row]]);
      countPrediction(majority, label, byMajority[patternOfRow[row]]);
    }
  }
  const metrics = metricsOf(chosen, classes);
  return {
    column: run.label,
    labelModel: run.labelModel,
    rows: metrics.rows,
    chosen: metrics,
    majority: metricsOf(majority, classes),
    strangers: { rows: strangers.rows, examples: [...strangers.examples] },
  };
}

/** [patterns], the class that each pattern of votes is labeled with, or ABSTAIN where nothing voted. */
function predictions(patterns: Int8Array, model: FittedLabelModel, balance: readonly number[]): Int8Array {
  const posterior = posteriorOf(model);
  const probabilities = new Float64Array(model.classes);
  const predicted = new Int8Array(patterns.length / model.programs);
  for (let index = 0; index < predicted.length; index++) {
    const pattern = patterns.subarray(index * model.programs, (index + 1) * model.programs);
    posterior(pattern, probabilities);
    predicted[index] = pattern.every((vote) => vote === ABSTAIN)
      ? ABSTAIN
      : mostProbable(probabilities, balance);
  }
  return predicted;
}
