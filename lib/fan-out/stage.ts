import { hashOfJson } from "../contracts/hash.ts";
import { keys } from "../contracts/keys.ts";
import {
  type AggregateGroup,
  type FanOutData,
  type FeaturesShards,
  type LabelShards,
  SHARDS_A_MESSAGE,
  type SynthesizeTask,
  type VerifyRun,
  type WatchRun,
} from "../contracts/messages.ts";
import { BatchIndex, type Hash, type TaskName } from "../contracts/names.ts";
import { jsonBytes, type Run, type Source, type Wanted } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { ObjectChangedError } from "../errors.ts";
import { batches, groupsOf, isComplete, sizeOfGroup } from "../fan-in.ts";
import type { ObjectStore, Ports } from "../ports.ts";
import { loadSource } from "../run-objects.ts";
import { nameOfLabels } from "../tables/table-format.ts";
import { type SeenWanted, seeWanted } from "../wanted.ts";
import { type FanOutSettings, plannedRun, waitsForData } from "./planned-run.ts";
import { splitSource } from "./split-source.ts";
import { whatIsLeft } from "./what-is-left.ts";

type FanOutPorts = Pick<Ports, "store" | "report">;
/** What a batch of shards starts: pictures are looked at before programs see them. */
type Batch = LabelShards | FeaturesShards;
type Next = Batch | AggregateGroup | SynthesizeTask | VerifyRun | WatchRun;

/** A file that is overwritten more often than this while it is read is left to the message's next delivery. */
const MOST_ATTEMPTS = 5;

/**
 * fan-out: a data file → shards, a `label` message a batch of them (of pictures a `features` message), sent while the file is
 * still being read.
 *
 * A file that was split before, in the same version and way, is not read again; a run whose labels are published is
 * not started again, only verified where it could not be. Data whose task has no programs yet is started by `synthesize`.
 */
export async function* fanOut(
  message: FanOutData,
  ports: FanOutPorts,
  settings: FanOutSettings = {},
): AsyncGenerator<Next> {
  const { store } = ports;
  const { task, file } = message;
  const name = nameOfLabels(file);
  for (let attempt = 1; ; attempt++) {
    try {
      // What is wanted is looked at before the task, its programs and the file: who is overtaken meanwhile starts over.
      const before = await seeWanted(store, task, name);
      const plan = await plannedRun(message, settings, store);
      if (plan === "no programs") {
        // The file was there before this look, and `synthesize` looks for files after it has stored the programs.
        if (await waitsForData(task, store)) yield { stage: "synthesize", task };
        return;
      }
      if (plan === "no file") return;
      const hash = hashOfJson(plan.run);
      const wanted = await wantedNow(task, plan.run, hash, before, store);
      if (wanted === "overtaken") continue;
      if (wanted === "new") {
        // Who saw what was wanted before found it as it should be, and wrote nothing: whoever writes looks again.
        const again = await plannedRun(message, settings, store);
        if (typeof again === "string" || hashOfJson(again.run) !== hash) continue;
      }
      // What was wrong with an earlier version is no longer to be read.
      await store.delete(keys.labelsFailed(task, name));
      if (wanted === "published") {
        // What could not be asked when the labels were published may be asked now.
        if (plan.run.verify || plan.run.residual) yield { stage: "verify", task, run: hash };
        return;
      }
      yield* start(plan, hash, ports);
      if (settings.watch) yield { stage: "watch", task, run: hash, marks: 0, looks: 0 };
      return;
    } catch (error) {
      if (!(error instanceof ObjectChangedError) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/** Makes `hash` the run that is wanted, unless its labels are published already. */
async function wantedNow(
  task: TaskName,
  run: Run,
  hash: Hash,
  { wanted: before, version }: SeenWanted,
  store: ObjectStore,
): Promise<"published" | "known" | "new" | "overtaken"> {
  if (before?.run === hash) {
    // In this order: what is ready was whole before.
    if ((await store.head(keys.ready(task, run.name, hash, before.edition))) === undefined) return "known";
    const left = await whatIsLeft(task, run, hash, store);
    if (left !== "less") return left === "all" ? "published" : "known";
    // Somebody took labels away, and they are published anew.
  }
  await store.put(keys.run(task, hash), jsonBytes(run));
  const wanted: Wanted = { run: hash, edition: (before?.edition ?? 0) + 1 };
  return (await store.create(keys.wanted(task, run.name), JSON.stringify(wanted), version))
    ? "new"
    : "overtaken";
}

/** Sends what is not labeled yet of a run's shards to `label`, splitting the file first where nobody has. */
async function* start(
  { task, run, bytes }: { task: TaskFile; run: Run; bytes: number },
  hash: Hash,
  ports: FanOutPorts,
): AsyncGenerator<Batch | AggregateGroup> {
  const { store } = ports;
  let source = await loadSource(store, task.name, run.source);
  if (source) yield* unlabeled(task.name, run, hash, source, store);
  else source = yield* split(task, run, hash, bytes, ports);
  yield* finishedGroups(task.name, hash, source, store);
}

const nextStage = ({ features }: Run): Batch["stage"] => (features ? "features" : "label");

/** A message for each batch that has no mark yet. */
async function* unlabeled(
  task: TaskName,
  settings: Run,
  run: Hash,
  source: Source,
  store: ObjectStore,
): AsyncGenerator<Batch> {
  const labeled = new Set<string>();
  for (let group = 0; group < groupsOf(source.shards.length); group++) {
    for await (const { key } of store.list(keys.labeledOf(task, run, group))) labeled.add(key);
  }
  for (const batch of batches(source)) {
    if (!labeled.has(keys.labeled(task, run, batch.batch)))
      yield { stage: nextStage(settings), task, run, ...batch };
  }
}

/** Splits the file, and writes down what it is made of once every shard is stored. */
async function* split(
  task: TaskFile,
  run: Run,
  hash: Hash,
  bytes: number,
  { store, report }: FanOutPorts,
): AsyncGenerator<Batch, Source> {
  const shards = splitSource(task, run, bytes, { store, report });
  let hashes: Hash[] = [];
  let batch = 0;
  const full = (): Batch => {
    const message = {
      stage: nextStage(run),
      task: task.name,
      run: hash,
      batch: BatchIndex.parse(batch),
      hashes,
    } as const;
    batch += 1;
    hashes = [];
    return message;
  };
  for (;;) {
    const next = await shards.next();
    if (next.done) {
      if (hashes.length > 0) yield full();
      await store.put(keys.source(task.name, run.source), jsonBytes(next.value));
      return next.value;
    }
    hashes.push(next.value);
    if (hashes.length === SHARDS_A_MESSAGE) yield full();
  }
}

/** Groups whose last batch was labeled before anybody could know how many there are. */
async function* finishedGroups(
  task: TaskName,
  run: Hash,
  source: Source,
  store: ObjectStore,
): AsyncGenerator<AggregateGroup> {
  const shards = source.shards.length;
  for (let group = 0; group < groupsOf(shards); group++) {
    if (await isComplete(store, keys.labeledOf(task, run, group), sizeOfGroup(shards, group))) {
      yield { stage: "aggregate", task, run, group };
    }
  }
}
