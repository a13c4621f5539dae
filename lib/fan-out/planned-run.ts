import { hashOfJson } from "../contracts/hash.ts";
import { keys } from "../contracts/keys.ts";
import { assertLabelModelFits } from "../contracts/label-models.ts";
import type { FanOutData } from "../contracts/messages.ts";
import type { FileName, TaskName } from "../contracts/names.ts";
import { CurrentSet, parsed, type Run } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError, RefusedError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import { readTask } from "../read-task.ts";
import { loadProgramSet } from "../run-objects.ts";
import { rawKind } from "../tables/raw-rows.ts";
import { formatOf, isDataFile } from "../tables/table-format.ts";
import { aboutOf } from "../verify/direct-task.ts";
import { dataHead } from "./data-head.ts";
import { goldFileOf } from "./gold-labels.ts";
import { type ModelCardOf, runFeatures } from "./run-features.ts";
import { wayOfReading } from "./way-of-reading.ts";

export interface FanOutSettings {
  /** Format of the labels, instead of the task's. */
  format?: TaskFile["output"]["format"];
  /** Of tasks that name none. */
  model?: string;
  /** Whether somebody is to look after the run. */
  watch?: boolean;
  /** The most bytes that a data file may have; a fifth of it where it is packed. */
  mostBytes?: number;
  /** What an image-text model is, by name. */
  modelCard?: ModelCardOf;
}

/** A run as the task, its programs and the data file are now. */
export interface PlannedRun {
  task: TaskFile;
  run: Run;
  /** Of the data file. */
  bytes: number;
}

/** How much longer text is when it is unpacked, about. */
const PACKED = 5;

/** How many times faster pictures are listed than rows are split, a byte; a gzipped archive is written once besides. */
const PICTURES = 8;

/** Grows when the same file would be split into other shards than before. */
const SOURCE_VERSION = 1;

/** All that decides a run's labels, as it is now. @throws InvalidInputError where the file cannot be labeled */
export async function plannedRun(
  { task: name, file }: FanOutData,
  settings: FanOutSettings,
  store: ObjectStore,
): Promise<PlannedRun | "no programs" | "no file"> {
  const current = await store.find(keys.currentSet(name));
  if (current === undefined) return "no programs";
  const { set, previous } = parsed(CurrentSet, current, keys.currentSet(name));
  const task = await readTask(name, store, { model: settings.model });
  const head = await dataHead(name, file, store);
  if (head === undefined) return "no file";
  const way = wayOfReading(task, file, settings.format);
  await assertOwnName(name, file, way.name, store);
  assertSize(file, head.size, settings.mostBytes);
  if (task.labelModel === "snorkel") {
    // Somebody's own programs are more than the task file knows of.
    const { programs } = await loadProgramSet(store, name, set);
    assertLabelModelFits(task.labelModel, programs.length, way.classes.length, "labelModel");
  }
  const { visible, id, label, group, format, outputFormat } = way;
  const kept = rawKind(format, outputFormat);
  const features = await runFeatures(task, settings.modelCard, store);
  const gold = await goldFileOf(task, store);
  const run: Run = {
    ...way,
    version: head.version,
    source: hashOfJson([
      SOURCE_VERSION,
      head.version,
      file,
      task.modality,
      visible,
      id,
      label,
      kept,
      ...(features ? [features] : []),
      ...(group === undefined ? [] : [{ group }]),
      ...(gold ? [{ gold: [gold.file, gold.version, way.classes] }] : []),
    ]),
    set,
    previousSet: previous,
    labelModel: task.labelModel,
    balance: task.balance ?? null,
    hardening: task.hardening,
    ...(task.endModel !== "none" && { endModel: task.endModel }),
    ...(gold && { gold }),
    about: aboutOf(task),
    verify: verifySettings(task),
    residual: task.residual ? { ...task.residual, seed: task.synthesis.seed } : null,
    notes: [],
    ...(features && { features }),
  };
  return { task, run, bytes: head.size };
}

/** Whether the task has no programs for want of the columns that its data file names, or of rows for prompts. */
export async function waitsForData(name: TaskName, store: ObjectStore): Promise<boolean> {
  try {
    const { modality, input, synthesis } = await readTask(name, store);
    return (modality === "record" && input.columns === undefined) || synthesis.examples > 0;
  } catch (error) {
    if (error instanceof RefusedError) return false; // `synthesize` says what is wrong with the task file.
    throw error;
  }
}

/** Labels are named after their file without its ending. */
async function assertOwnName(
  task: TaskName,
  file: FileName,
  name: FileName,
  store: ObjectStore,
): Promise<void> {
  const prefix = keys.dataOf(task);
  for await (const { key } of store.list(`${prefix}${name}.`)) {
    const other = key.slice(prefix.length);
    if (other === file || !isDataFile(other) || formatOf(other).name !== name) continue;
    throw new InvalidInputError(
      `data/${file}`,
      `${other} would be labeled as ${JSON.stringify(name)} too. Rename one of them, or remove it and drop the other again.`,
    );
  }
}

function assertSize(file: FileName, bytes: number, mostBytes = Number.POSITIVE_INFINITY): void {
  const { gzipped, pictures } = formatOf(file);
  const most = pictures ? mostBytes * PICTURES : gzipped ? mostBytes / PACKED : mostBytes;
  if (bytes <= most) return;
  const mebibytes = (count: number) => `${Math.floor(count / 2 ** 20).toLocaleString("en")} MiB`;
  throw new InvalidInputError(
    `data/${file}`,
    `this file has ${mebibytes(bytes)}, and one function reads at most ${mebibytes(most)} in its time. Split it into several files; each is labeled with the same programs.`,
  );
}

function verifySettings({ verify, synthesis, budget }: TaskFile): Run["verify"] {
  if (verify.rows === 0) return null;
  const { rows, by, model, margin } = verify;
  return { rows, by, model, margin, seed: synthesis.seed, usd: budget.usd };
}
