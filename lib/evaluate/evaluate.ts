import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { droppedPrograms } from "../aggregate/dropped.ts";
import { type Histogram, histogramOf, mergeHistograms, silenced } from "../aggregate/histogram.ts";
import { fitCalibrated, posteriorsOf } from "../aggregate/label-model.ts";
import { labelShardWith } from "../aggregate/label-shard.ts";
import { summarizeVotes } from "../aggregate/program-summary.ts";
import { unpackBlocks, unpackStrings } from "../contracts/columns.ts";
import { keys } from "../contracts/keys.ts";
import { Hash, ShardIndex, type TaskName } from "../contracts/names.ts";
import type { Run, Source } from "../contracts/objects.ts";
import type { Receipt } from "../contracts/receipt.ts";
import { unpackVotes } from "../contracts/votes.ts";
import { loadEndLabeler } from "../end-model/load-end-model.ts";
import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import { routedByShard } from "../publish/routed-labels.ts";
import { loadRun, loadSource, loadVerification } from "../run-objects.ts";
import { wantedEdition } from "../wanted.ts";
import { countPrediction, type Metrics, metricCounter, metricsOf } from "./metrics.ts";

const NAMED_STRANGERS = 5;

/** Labels against gold: the run's label model, majority vote over the same votes, and what became of them. */
export interface Evaluation {
  /** The gold column. */
  column: string;
  labelModel: string;
  /** Rows with a gold label that is a class of the task. */
  rows: number;
  chosen: Metrics;
  majority: Metrics;
  /** With the end model, where there is one. */
  final?: Metrics;
  /** Gold values that are no class of the task. */
  strangers: { rows: number; examples: string[] };
}

/** A row whose gold label is a class of the task, and the class it was labeled with, or ABSTAIN. */
export interface GoldRow {
  shard: ShardIndex;
  row: number;
  gold: number;
  predicted: number;
}

/**
 * Compares a finished run with the gold column, shard by shard. The only reader of gold labels.
 *
 * @param onRow told of every row that counts, in order
 * @throws InvalidInputError where the run knows no gold column
 */
export async function evaluate(
  store: ObjectStore,
  task: TaskName,
  receipt: Receipt,
  onRow?: (row: GoldRow) => void,
): Promise<Evaluation> {
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
  const { model, balance, statistics } = await loadAggregateResult(store, task, hash);
  const dropped = droppedPrograms(statistics);
  const endLabel = await loadEndLabeler(store, task, hash, run, balance);
  // As if the run had asked for majority vote: ties go by its own estimate of the classes' shares.
  const histogram = silenced(await allVotes(store, task, run, source), dropped);
  const byVotes = fitCalibrated("majority", histogram, { balance: run.balance ?? undefined });
  const ownBalance = summarizeVotes(histogram, byVotes, posteriorsOf(byVotes, histogram)).balance;
  const edition = await wantedEdition(store, task, run.name, hash);
  const verified = edition === undefined ? undefined : await loadVerification(store, task, hash, edition);
  const routed = routedByShard(verified?.labels ?? []);
  const chosen = metricCounter(classes.length);
  const majority = metricCounter(classes.length);
  const final = metricCounter(classes.length);
  const strangers = { rows: 0, examples: new Set<string>() };
  const numbers = new Map(classes.map((name, index) => [name, index]));

  for (const [index, shard] of source.shards.entries()) {
    const [columns, , packedGold] = unpackBlocks(
      await store.get(keys.shard(task, run.source, ShardIndex.parse(index))),
    );
    const gold = unpackStrings(packedGold, shard.rows);
    const votes = unpackVotes(await store.get(keys.votes(task, shard.hash, run.set)));
    const byChosen = labelShardWith(votes.columns, dropped, model, balance);
    const byMajority = labelShardWith(votes.columns, dropped, byVotes, ownBalance);
    const byBoth = endLabel && [...(await endLabel(byChosen, columns, new Float64Array(classes.length)))];
    for (let row = 0; row < shard.rows; row++) {
      const value = gold[row];
      if (value === "") continue;
      const label = numbers.get(value);
      if (label === undefined) {
        strangers.rows += 1;
        if (strangers.examples.size < NAMED_STRANGERS) strangers.examples.add(value.slice(0, 100));
        continue;
      }
      const given = routed.get(index)?.get(row);
      countPrediction(chosen, label, given ?? byChosen.labels[byChosen.patternOf[row]]);
      countPrediction(majority, label, byMajority.labels[byMajority.patternOf[row]]);
      const last = given ?? (byBoth ? byBoth[row].label : byChosen.labels[byChosen.patternOf[row]]);
      if (byBoth) countPrediction(final, label, last);
      onRow?.({ shard: ShardIndex.parse(index), row, gold: label, predicted: last });
    }
  }
  const metrics = metricsOf(chosen, classes);
  return {
    column: run.label,
    labelModel: run.labelModel,
    rows: metrics.rows,
    chosen: metrics,
    majority: metricsOf(majority, classes),
    ...(endLabel && { final: metricsOf(final, classes) }),
    strangers: { rows: strangers.rows, examples: [...strangers.examples] },
  };
}

async function allVotes(store: ObjectStore, task: TaskName, run: Run, source: Source): Promise<Histogram> {
  let all: Histogram | undefined;
  for (const { hash } of source.shards) {
    const { columns } = unpackVotes(await store.get(keys.votes(task, hash, run.set)));
    const histogram = histogramOf(columns, run.classes.length);
    all = all ? mergeHistograms(all, histogram) : histogram;
  }
  return all ?? histogramOf([], run.classes.length);
}
