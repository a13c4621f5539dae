import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { droppedPrograms } from "../aggregate/dropped.ts";
import { labelShardWith } from "../aggregate/label-shard.ts";
import { ABSTAIN, unpackBlocks } from "../contracts/columns.ts";
import type { GoldRows } from "../contracts/gold.ts";
import { keys } from "../contracts/keys.ts";
import type { TrainEndModel, VerifyRun } from "../contracts/messages.ts";
import { type Hash, ShardIndex, type TaskName } from "../contracts/names.ts";
import { jsonBytes, type Run, type Source, type Trained } from "../contracts/objects.ts";
import { unpackVotes } from "../contracts/votes.ts";
import { packEndModel } from "../end-model/model-file.ts";
import { shardReader } from "../end-model/shard-rows.ts";
import { type TrainingSet, trainingSet, trainLinear } from "../end-model/train-linear.ts";
import { DamagedObjectError } from "../errors.ts";
import type { ObjectStore, Ports } from "../ports.ts";
import { loadGold, loadRun, loadSource } from "../run-objects.ts";
import { isPublished } from "../success.ts";
import { wantedEdition } from "../wanted.ts";
import { answersOf, choiceOf, type Fitted } from "./choice.ts";
import { sampleOf } from "./sample.ts";

/** Fewer rows with a label teach nothing that their labels do not say. */
const LEAST_ROWS = 20;

/** train: a sample of the run's rows with the label model's labels → the end model; starts `verify`. */
export async function* trainEndModel(
  { task, run: hash }: TrainEndModel,
  { store, report }: Pick<Ports, "store" | "report">,
): AsyncGenerator<VerifyRun> {
  const run = await loadRun(store, task, hash);
  const edition = await wantedEdition(store, task, run.name, hash);
  if (edition === undefined) return; // Another run took its place.
  if (await isPublished(store, task, run.name, { run: hash, edition })) return; // Told twice.
  const source = await loadSource(store, task, run.source);
  if (source === undefined) throw new DamagedObjectError(keys.source(task, run.source));

  if ((await store.head(keys.trained(task, hash))) === undefined) {
    const started = process.cpuUsage();
    const learned = await learn({ task, hash, run, source }, store);
    const { user, system } = process.cpuUsage(started);
    const trained: Trained = { ...learned, seconds: (user + system) / 1e6 };
    await store.put(keys.trained(task, hash), jsonBytes(trained));
    report({ stage: "train", rows: trained.rows, agreement: trained.agreement, seconds: trained.seconds });
  }
  yield { stage: "verify", task, run: hash };
}

interface OpenRun {
  task: TaskName;
  hash: Hash;
  run: Run;
  source: Source;
}

async function learn(open: OpenRun, store: ObjectStore): Promise<Omit<Trained, "seconds">> {
  const { task, hash, run } = open;
  const { model, balance, statistics } = await loadAggregateResult(store, task, hash);
  const fitted = { model, balance, dropped: droppedPrograms(statistics) };
  const coverage = statistics.covered / Math.max(1, statistics.rows);
  const choosing = run.gold?.use.includes("choose") ? await loadGold(store, task, run) : undefined;

  const set = await collected(open, fitted, { coverage, choosing }, store);
  const rows = set.labels.length;
  if (rows < LEAST_ROWS || new Set(set.labels).size < 2) {
    return { isTrained: false, rows, heldOut: 0, agreement: 0 };
  }
  const { model: endModel, heldOut, agreement } = trainLinear(set);
  await store.put(keys.endModel(task, hash), packEndModel(endModel, run.classes, run.features?.model));
  const choice = choosing && choiceOf(await answersOf(choosing, endModel, fitted, open, store));
  return { isTrained: true, rows, heldOut, agreement, ...(choice && { choice }) };
}

/** Rows of the sample that have a vote, with the label model's labels; none of those that gold chooses by. */
async function collected(
  { task, run, source }: OpenRun,
  { model, balance, dropped }: Fitted,
  { coverage, choosing }: { coverage: number; choosing: GoldRows | undefined },
  store: ObjectStore,
): Promise<TrainingSet> {
  const sample = sampleOf(source, run.classes.length, coverage, run.features?.model.embeddingSize);
  const apart = new Set(choosing?.rows.map(([shard, row]) => `${shard} ${row}`));
  const read = shardReader(store, task, run);
  const { set, add } = trainingSet(run.classes.length);
  for (const shard of sample.shards) {
    const votes = unpackVotes(await store.get(keys.votes(task, shard.hash, run.set)));
    const { patternOf, labels } = labelShardWith(votes.columns, dropped, model, balance);
    const [columns] = unpackBlocks(
      await store.get(keys.shard(task, run.source, ShardIndex.parse(shard.index))),
    );
    const { rows, rowAt } = await read(columns);
    for (let row = 0; row < rows; row++) {
      const label = labels[patternOf[row]];
      if (label === ABSTAIN || !sample.takes(shard.hash, row)) continue;
      if (apart.size > 0 && apart.has(`${shard.index} ${row}`)) continue;
      const seen = rowAt(row);
      if (seen && !add(seen, label, sample.isHeldOut(shard.hash, row))) return set;
    }
  }
  return set;
}
