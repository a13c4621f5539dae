import { ABSTAIN, packBlocks, unpackBlocks } from "../contracts/columns.ts";
import { keys } from "../contracts/keys.ts";
import type { AggregateGroup, PublishShard } from "../contracts/messages.ts";
import { ShardIndex } from "../contracts/names.ts";
import { jsonBytes, type ProgramSet, parsed, type Run } from "../contracts/objects.ts";
import { LabelStatistics } from "../contracts/votes.ts";
import { DamagedObjectError } from "../errors.ts";
import { groupsOf, isComplete } from "../fan-in.ts";
import type { ObjectStore, Ports } from "../ports.ts";
import { loadProgramSet, loadRun, loadSource } from "../run-objects.ts";
import type { AggregateResult } from "./aggregate-result.ts";
import { type Histogram, mergeHistograms, packHistogram, unpackHistogram } from "./histogram.ts";
import { fitLabelModel, posteriorsOf } from "./label-model.ts";
import { summarizeVotes } from "./program-summary.ts";
import { sumOfStatistics } from "./sum-of-statistics.ts";
import { warningsOf } from "./warnings.ts";
import { mostProbable } from "./winners.ts";

/** Histograms held before they are merged: each merge sorts the whole sum anew, so a hundred cost little more than one. */
const MERGED_AT_ONCE = 100;

/** aggregate: a group's histograms → their sum; the last group's finisher fits the label model and starts `publish`. */
export async function* aggregateGroup(
  message: AggregateGroup,
  { store, report }: Pick<Ports, "store" | "report">,
): AsyncGenerator<PublishShard> {
  const { task, run: hash } = message;
  const run = await loadRun(store, task, hash);
  const source = await loadSource(store, task, run.source);
  if (source === undefined) throw new DamagedObjectError(keys.source(task, run.source));

  const group = await sumUnder(store, keys.labeledOf(task, hash, message.group));
  await store.put(keys.group(task, hash, message.group), packed(group));
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

  // From here until the last part is written the folder is a mix of two runs at worst, and must not look complete.
  await store.delete(keys.success(task, run.name));
  for (let index = 0; index < groupsOf(source.shards.length); index++) {
    await deleteUnder(store, keys.publishedOf(task, hash, index));
  }
  await deleteUnder(store, keys.publishedGroupsOf(task, hash));
  for (const [index, shard] of source.shards.entries()) {
    yield { stage: "publish", task, run: hash, shard: ShardIndex.parse(index), hash: shard.hash };
  }
}

/** What shards, or groups of them, add up to. */
interface Sum {
  statistics: LabelStatistics;
  histogram: Histogram;
}

const packed = ({ statistics, histogram }: Sum): Uint8Array =>
  packBlocks([jsonBytes(statistics), packHistogram(histogram)]);

async function sumUnder(store: ObjectStore, prefix: string): Promise<Sum> {
  let statistics: LabelStatistics | undefined;
  let histograms: Histogram[] = [];
  for await (const { key } of store.list(prefix)) {
    const [head, body] = unpackBlocks(await store.get(key));
    const found = parsed(LabelStatistics, head, key);
    statistics = statistics ? sumOfStatistics(statistics, found) : found;
    histograms.push(unpackHistogram(body));
    if (histograms.length === MERGED_AT_ONCE) histograms = [merged(histograms)];
  }
  if (statistics === undefined) throw new DamagedObjectError(prefix);
  return { statistics, histogram: merged(histograms) };
}

const merged = ([first, ...others]: readonly Histogram[]): Histogram => mergeHistograms(first, ...others);

function resultOf({ statistics, histogram }: Sum, run: Run, { programs }: ProgramSet): AggregateResult {
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

async function deleteUnder(store: ObjectStore, prefix: string): Promise<void> {
  for await (const { key } of store.list(prefix)) await store.delete(key);
}
