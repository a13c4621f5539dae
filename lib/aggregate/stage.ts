import { ABSTAIN } from "../contracts/columns.ts";
import { keys } from "../contracts/keys.ts";
import type { AggregateGroup, TrainEndModel, VerifyRun } from "../contracts/messages.ts";
import { jsonBytes, type ProgramSet, type Run } from "../contracts/objects.ts";
import { DamagedObjectError } from "../errors.ts";
import { groupsOf, isComplete } from "../fan-in.ts";
import type { ObjectStore, Ports } from "../ports.ts";
import { loadGold, loadProgramSet, loadRun, loadSource } from "../run-objects.ts";
import { isPublished } from "../success.ts";
import { wantedEdition } from "../wanted.ts";
import type { AggregateResult } from "./aggregate-result.ts";
import { compareModels } from "./compare-models.ts";
import { withoutDropped } from "./dropped.ts";
import { goldPatterns, goldWarnings } from "./gold-patterns.ts";
import type { Histogram } from "./histogram.ts";
import { fitCalibrated, posteriorsOf } from "./label-model.ts";
import { overviewOf } from "./overview.ts";
import { summarizeVotes } from "./program-summary.ts";
import { packSum, type ShardSum, sumOf, unpackSum } from "./shard-sum.ts";
import { warningsOf } from "./warnings.ts";
import { mostProbable } from "./winners.ts";

/** Sums held before they are added up: each addition sorts the whole anew, so a hundred cost little more than one. */
const ADDED_AT_ONCE = 100;

/** aggregate: a group's histograms → their sum; the last group's finisher fits the label model and starts `verify`, or `train`. */
export async function* aggregateGroup(
  message: AggregateGroup,
  { store, report }: Pick<Ports, "store" | "report">,
): AsyncGenerator<VerifyRun | TrainEndModel> {
  const { task, run: hash } = message;
  const run = await loadRun(store, task, hash);
  const edition = await wantedEdition(store, task, run.name, hash);
  if (edition === undefined) return; // Another run took its place.
  if (await isPublished(store, task, run.name, { run: hash, edition })) return; // Told twice.
  const source = await loadSource(store, task, run.source);
  if (source === undefined) throw new DamagedObjectError(keys.source(task, run.source));

  await store.put(keys.begun(task, hash, message.group), "");
  const group = await sumUnder(store, keys.labeledOf(task, hash, message.group));
  await store.put(keys.group(task, hash, message.group), packSum(group));
  if (!(await isComplete(store, keys.groupsOf(task, hash), groupsOf(source.shards.length)))) return;

  const whole = withoutDropped(await sumUnder(store, keys.groupsOf(task, hash)));
  const gold = await loadGold(store, task, run);
  const calibrating =
    gold && gold.rows.length > 0 && run.gold?.use.includes("calibrate")
      ? await goldPatterns(gold, whole, { task, run, source }, store)
      : undefined;
  const fitted = resultOf(whole, run, await loadProgramSet(store, task, run.set), calibrating);
  const result: AggregateResult =
    gold && run.gold
      ? {
          ...fitted,
          goldRows: calibrating ? gold.rows.length : 0,
          warnings: [...goldWarnings(gold, run.gold, run), ...fitted.warnings],
        }
      : fitted;
  await store.put(keys.labelModel(task, hash), jsonBytes(result));
  report({
    stage: "aggregate",
    labelModel: run.labelModel,
    patterns: result.patterns,
    rows: whole.statistics.rows,
  });

  yield { stage: run.endModel ? "train" : "verify", task, run: hash };
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

function resultOf(
  { statistics, histogram }: ShardSum,
  run: Run,
  { programs }: ProgramSet,
  gold: Float64Array | undefined,
): AggregateResult {
  const model = fitCalibrated(run.labelModel, histogram, { balance: run.balance ?? undefined, gold });
  const posteriors = posteriorsOf(model, histogram);
  const summary = summarizeVotes(histogram, model, posteriors);
  const names = { programs: programs.map(({ id }) => id), classes: run.classes };
  return {
    model,
    patterns: histogram.counts.length,
    balance: summary.balance,
    conflict: summary.covered > 0 ? summary.conflicting / summary.rows : 0,
    labels: labelCounts(histogram, posteriors, summary.balance),
    programs: summary.programs,
    overview: overviewOf(histogram, posteriors, summary.conflicting, (probabilities) =>
      mostProbable(probabilities, summary.balance),
    ),
    compared: compareModels(histogram, model),
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
