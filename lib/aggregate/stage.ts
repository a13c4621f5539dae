import { ABSTAIN } from "../contracts/columns.ts";
import { keys } from "../contracts/keys.ts";
import type { AggregateGroup, PublishShards } from "../contracts/messages.ts";
import { jsonBytes, type ProgramSet, type Run } from "../contracts/objects.ts";
import { DamagedObjectError } from "../errors.ts";
import { batches, groupsOf, isComplete } from "../fan-in.ts";
import type { ObjectStore, Ports } from "../ports.ts";
import { loadProgramSet, loadRun, loadSource } from "../run-objects.ts";
import { successOf } from "../success.ts";
import { wantedEdition } from "../wanted.ts";
import type { AggregateResult } from "./aggregate-result.ts";
import type { Histogram } from "./histogram.ts";
import { fitLabelModel, posteriorsOf } from "./label-model.ts";
import { overviewOf } from "./overview.ts";
import { summarizeVotes } from "./program-summary.ts";
import { packSum, type ShardSum, sumOf, unpackSum } from "./shard-sum.ts";
import { warningsOf } from "./warnings.ts";
import { mostProbable } from "./winners.ts";

/** Sums held before they are added up: each addition sorts the whole anew, so a hundred cost little more than one. */
const ADDED_AT_ONCE = 100;

/** aggregate: a group's histograms → their sum; the last group's finisher fits the label model and starts `publish`. */
export async function* aggregateGroup(
  message: AggregateGroup,
  { store, report }: Pick<Ports, "store" | "report">,
): AsyncGenerator<PublishShards> {
  const { task, run: hash } = message;
  const run = await loadRun(store, task, hash);
  const edition = await wantedEdition(store, task, run.name, hash);
  if (edition === undefined) return; // Another run took its place.
  const isReady = (await store.head(keys.ready(task, run.name, hash, edition))) !== undefined;
  if (isReady && (await successOf(store, task, run.name))?.run === hash) return; // Told twice.
  const source = await loadSource(store, task, run.source);
  if (source === undefined) throw new DamagedObjectError(keys.source(task, run.source));

  await store.put(keys.begun(task, hash, message.group), "");
  const group = await sumUnder(store, keys.labeledOf(task, hash, message.group));
  await store.put(keys.group(task, hash, message.group), packSum(group));
  if (!(await isComplete(store, keys.groupsOf(task, hash), groupsOf(source.shards.length)))) return;

  const whole = await sumUnder(store, keys.groupsOf(task, hash));
  const result = resultOf(whole, run, await loadProgramSet(store, task, run.set));
  await store.put(keys.labelModel(task, hash), jsonBytes(result));
  report({
    stage: "aggregate",
    labelModel: run.labelModel,
    patterns: result.patterns,
    rows: whole.statistics.rows,
  });

  for (const batch of batches(source)) yield { stage: "publish", task, run: hash, ...batch };
}

async function sumUnder(store: ObjectStore, prefix: string): Promise<ShardSum> {
  let sums: ShardSum[] = [];
  for await (const { key } of store.list(prefix)) {
    sums.push(unpackSum(await store.get(key), key));
    if (sums.length === ADDED_AT_ONCE) sums = [sumOf(sums)];
  }
  if (sums.length === 0) throw new DamagedObjectError(prefix);
  return sumOf(sums);
}

function resultOf({ statistics, histogram }: ShardSum, run: Run, { programs }: ProgramSet): AggregateResult {
  const model = fitLabelModel(run.labelModel, histogram);
  const posteriors = posteriorsOf(model, histogram);
  const summary = summarizeVotes(histogram, model, posteriors);
  const names = { programs: programs.map(({ id }) => id), classes: run.classes };
  return {
    model,
    patterns: histogram.counts.length,
    balance: summary.balance,
    labels: labelCounts(histogram, posteriors, summary.balance),
    programs: summary.programs,
    overview: overviewOf(histogram, posteriors, summary.conflicting, (probabilities) =>
      mostProbable(probabilities, summary.balance),
    ),
    statistics,
    warnings: warningsOf({ histogram, model, posteriors, summary, names }),
  };
}

/** [classes], rows that get each label. */
function labelCounts(
  { patterns, counts, programs, classes }: Histogram,
  posteriors: Float64Array,
  balance: number[],
) {
  const labels = new Array<number>(classes).fill(0);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const votes = patterns.subarray(pattern * programs, (pattern + 1) * programs);
    if (votes.every((vote) => vote === ABSTAIN)) continue;
    const probabilities = posteriors.subarray(pattern * classes, (pattern + 1) * classes);
    labels[mostProbable(probabilities, balance)] += counts[pattern];
  }
  return labels;
}
