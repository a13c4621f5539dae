import { join, relative } from "node:path";
import { keys } from "../contracts/keys.ts";
import { FileName } from "../contracts/names.ts";
import { parsed } from "../contracts/objects.ts";
import { Receipt } from "../contracts/receipt.ts";
import { InvalidInputError } from "../errors.ts";
import { type Evaluation, evaluate } from "../evaluate/evaluate.ts";
import type { Failure } from "../local/drive.ts";
import { dataFilesOf, type LocalTask, openTask } from "../local/open-task.ts";
import { labelFiles, RunFailedError, synthesizeTask } from "../local/run-task.ts";
import type { Tally } from "../local/tally.ts";
import type { PipelineSettings } from "../pipeline.ts";
import { loadRun } from "../run-objects.ts";
import { formatOf } from "../tables/table-format.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { openPorts } from "./open-ports.ts";
import { announce } from "./plan.ts";
import { evaluationLines, receiptLines, tallyLine } from "./summary.ts";

/** `alchemist run`: from a task folder to pseudolabels; prints where they are and what they cost. */
export async function run(
  folder: string,
  options: TaskOptions & { format?: PipelineSettings["format"] },
  io: Io,
): Promise<void> {
  const local = await openTask(folder, { out: options.out, dataFiles: options.data });
  const files = await dataFilesOf(local);
  const names = labelNames(files, local);
  const open = await openPorts(local, options, io);
  try {
    if (open.live) await announce(local, files, options, io);
    await synthesizeTask(local, open.ports, open.settings);
    const failures = await labelFiles(local, files, open);
    open.showEnd();
    const failed = await namesOf(failures, local);
    for (const name of names) {
      if (!failed.has(name)) await print(name, local, open.tally, options.json === true, io);
    }
    if (failures.length > 0) throw new RunFailedError(failures);
  } finally {
    await open.close();
  }
}

/** The data files that something failed for; the others do not suffer for them. */
async function namesOf(failures: readonly Failure[], { task, store }: LocalTask): Promise<Set<string>> {
  const names = failures.map(async ({ message }) => {
    if ("run" in message) return (await loadRun(store, task.name, message.run)).name;
    return "file" in message ? formatOf(message.file).name : "";
  });
  return new Set(await Promise.all(names));
}

/** What each data file's labels are called. @throws InvalidInputError where two files ask for one name */
function labelNames(files: readonly FileName[], { folder }: LocalTask): FileName[] {
  const taken = new Map<string, FileName>();
  return files.map((file) => {
    const { name } = formatOf(file);
    const other = taken.get(name);
    if (other !== undefined) {
      throw new InvalidInputError(
        join(folder, "data"),
        `${other} and ${file} would both be labeled as ${JSON.stringify(name)}. Rename one.`,
      );
    }
    taken.set(name, file);
    return FileName.parse(name);
  });
}

async function print(name: FileName, local: LocalTask, tally: Tally, json: boolean, io: Io): Promise<void> {
  const { task, store, outbox } = local;
  const key = keys.receipt(task.name, name);
  const receipt = parsed(Receipt, await store.get(key), key);
  const evaluation = await evaluateIfGold(receipt, local);
  const labels = join(outbox, "labels", name);
  if (json) {
    io.stdout.write(`${JSON.stringify({ labels, receipt, evaluation, tally })}\n`);
    return;
  }
  const shown = relative(process.cwd(), labels);
  const lines = [
    ...receiptLines(task.name, shown.startsWith("..") ? labels : shown, receipt),
    ...evaluationLines(evaluation),
    tallyLine(tally),
  ];
  io.stdout.write(`${lines.join("\n")}\n`);
}

async function evaluateIfGold(receipt: Receipt, { task, store }: LocalTask): Promise<Evaluation | undefined> {
  return task.input.label === undefined ? undefined : evaluate(store, task.name, receipt);
}
