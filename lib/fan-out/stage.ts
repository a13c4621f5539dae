import { hashOfJson } from "../contracts/hash.ts";
import { keys } from "../contracts/keys.ts";
import type { AggregateGroup, FanOutData, LabelShard } from "../contracts/messages.ts";
import { type FileName, type Hash, ShardIndex, type TaskName } from "../contracts/names.ts";
import { CurrentSet, jsonBytes, parsed, type Run, type Source } from "../contracts/objects.ts";
import { Success } from "../contracts/receipt.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import { groupsOf, isComplete, sizeOfGroup } from "../fan-in.ts";
import type { Ports } from "../ports.ts";
import { readTask } from "../read-task.ts";
import { loadSource } from "../run-objects.ts";
import { rawKind } from "../tables/raw-rows.ts";
import { type SplitShard, splitSource } from "./split-source.ts";
import { wayOfReading } from "./way-of-reading.ts";

export interface FanOutSettings {
  /** Format of the labels, instead of the task's. */
  format?: TaskFile["output"]["format"];
}

/** Grows when the same file would be split into other shards than before. */
const SOURCE_VERSION = 1;

type FanOutPorts = Pick<Ports, "store" | "report">;

/**
 * fan-out: a data file → shards, a `label` message each, sent while the file is still being read.
 *
 * A file that was split before, in the same version and way, is not read again; a run whose labels are published is
 * not started again. Data whose task has no programs yet is noted, and `synthesize` starts it.
 */
export async function* fanOut(
  message: FanOutData,
  ports: FanOutPorts,
  settings: FanOutSettings = {},
): AsyncGenerator<LabelShard | AggregateGroup> {
  const { store } = ports;
  const { task: name, file } = message;
  // The note comes before the look for programs, and `synthesize` looks for notes after it has stored them.
  await store.put(keys.waiting(name, file), "");
  const current = await store.find(keys.currentSet(name));
  if (current === undefined) return;

  const task = await readTask(name, store);
  const run = await runOf(task, file, parsed(CurrentSet, current, keys.currentSet(name)), settings, store);
  const hash = hashOfJson(run);
  if (!(await isPublished(name, run, hash, store))) {
    await store.put(keys.run(name, hash), jsonBytes(run));
    const label = ({ shard, hash: rows }: SplitShard): LabelShard => ({
      stage: "label",
      task: name,
      run: hash,
      shard,
      hash: rows,
    });
    let source = await loadSource(store, name, run.source);
    if (source) {
      for (const [index, shard] of source.shards.entries()) {
        yield label({ shard: ShardIndex.parse(index), hash: shard.hash });
      }
    } else {
      source = yield* split(task, run, label, ports);
    }
    yield* finishedGroups(name, hash, source, store);
  }
  await store.delete(keys.waiting(name, file));
}

/** Splits the file, and writes down what it is made of once every shard is stored. */
async function* split(
  task: TaskFile,
  run: Run,
  label: (shard: SplitShard) => LabelShard,
  { store, report }: FanOutPorts,
): AsyncGenerator<LabelShard, Source> {
  const shards = splitSource(task, run, { store, report });
  for (;;) {
    const next = await shards.next();
    if (next.done) {
      await store.put(keys.source(task.name, run.source), jsonBytes(next.value));
      return next.value;
    }
    yield label(next.value);
  }
}

/** Groups whose last shard was labeled before anybody could know how many there are. */
async function* finishedGroups(
  task: TaskName,
  run: Hash,
  source: Source,
  store: Ports["store"],
): AsyncGenerator<AggregateGroup> {
  const shards = source.shards.length;
  for (let group = 0; group < groupsOf(shards); group++) {
    if (await isComplete(store, keys.labeledOf(task, run, group), sizeOfGroup(shards, group))) {
      yield { stage: "aggregate", task, run, group };
    }
  }
}

/** All that decides a run's labels. @throws InvalidInputError where the file is gone or its name says no format */
async function runOf(
  task: TaskFile,
  file: FileName,
  { set, previous }: CurrentSet,
  settings: FanOutSettings,
  store: Ports["store"],
): Promise<Run> {
  const head = await store.head(keys.data(task.name, file));
  if (head === undefined)
    throw new InvalidInputError(`data/${file}`, "there is no such file. Was it removed?");
  const way = wayOfReading(task, file, settings.format);
  const { visible, id, label, format, outputFormat } = way;
  const kept = rawKind(format, outputFormat);
  return {
    ...way,
    version: head.version,
    source: hashOfJson([SOURCE_VERSION, head.version, file, task.modality, visible, id, label, kept]),
    set,
    previousSet: previous,
    labelModel: task.labelModel,
    notes: notesOf(task),
  };
}

/** What the task asks for and this version does not do, so that nobody takes it for done. */
function notesOf({ endModel, verify }: TaskFile): Run["notes"] {
  const notes: Run["notes"] = [];
  if (endModel !== "none") {
    notes.push({
      code: "no-end-model",
      message: `endModel: ${endModel} is not part of this version, so rows without a vote have no label.`,
      remedy: "Train a model of your own on the labeled rows.",
    });
  }
  if (verify && verify.rows > 0) {
    notes.push({
      code: "no-verification",
      message: "verify is not part of this version, so no row was labeled directly to judge the programs.",
      remedy: "Label a hundred rows by hand, name their column in input.label, and run alchemist evaluate.",
    });
  }
  return notes;
}

/** Whether the labels beside _SUCCESS are of this run, and all there. */
async function isPublished(
  task: TaskName,
  { name }: Run,
  run: Hash,
  store: Ports["store"],
): Promise<boolean> {
  const bytes = await store.find(keys.success(task, name));
  if (bytes === undefined) return false;
  const success = parsed(Success, bytes, keys.success(task, name));
  return success.run === run && (await isComplete(store, keys.partsOf(task, name), success.parts));
}
