import { join } from "node:path";
import { keys } from "../contracts/keys.ts";
import { FileName } from "../contracts/names.ts";
import { parsed } from "../contracts/objects.ts";
import { Receipt } from "../contracts/receipt.ts";
import { InvalidInputError } from "../errors.ts";
import { evaluate, type GoldRow } from "../evaluate/evaluate.ts";
import { dataFilesOf, type LocalTask, openTask } from "../local/open-task.ts";
import { formatOf } from "../tables/table-format.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { comparison, comparisonLines } from "./comparison.ts";
import { stressLines, stressRun } from "./stress.ts";
import { evaluationLines } from "./summary.ts";

/** `alchemist evaluate`: the labels of the last run against the gold column. */
export async function evaluateCommand(
  folder: string,
  options: TaskOptions & { stress?: number; beside?: string },
  io: Io,
): Promise<void> {
  const local = await openTask(folder, { out: options.out, dataFiles: options.data });
  const { task, store } = local;
  // What flips under stress flips without gold too.
  if (task.input.label === undefined && (options.stress === undefined || options.beside !== undefined)) {
    throw new InvalidInputError(
      join(folder, "task.yaml: input.label"),
      "no column of gold labels is named. Name one, run, and evaluate again.",
    );
  }
  for (const file of await dataFilesOf(local)) {
    const name = FileName.parse(formatOf(file).name);
    const key = keys.receipt(task.name, name);
    const bytes = await store.find(key);
    if (bytes === undefined) {
      throw new InvalidInputError(file, `it is not labeled yet. Run alchemist run ${folder} first.`);
    }
    const receipt = parsed(Receipt, bytes, key);
    const { evaluation, compared } = await againstGold(local, receipt, options, io);
    const stressed =
      options.stress === undefined ? undefined : await stressRun(local, receipt, options.stress, options, io);
    if (options.json)
      io.stdout.write(
        `${JSON.stringify({ file, coverage: receipt.labels.coverage, ...evaluation, ...compared, stress: stressed })}\n`,
      );
    else {
      const lines = [
        ...evaluationLines(evaluation),
        ...comparisonLines(compared),
        ...(stressed ? stressLines(stressed) : []),
      ];
      io.stdout.write(`${[`${task.name} · ${file}`, ...lines].join("\n")}\n`);
    }
  }
}

/** Labels against gold, and beside other ways of labeling; nothing where the task names no gold. */
async function againstGold(
  local: LocalTask,
  receipt: Receipt,
  options: TaskOptions & { beside?: string },
  io: Io,
) {
  const { task, store } = local;
  if (task.input.label === undefined) return {};
  const rows: GoldRow[] = [];
  const isCompared = task.modality === "image" || task.input.group !== undefined;
  const onRow = isCompared ? (row: GoldRow) => rows.push(row) : undefined;
  const evaluation = await evaluate(store, task.name, receipt, onRow);
  return { evaluation, compared: await comparison(local, receipt, rows, options, io) };
}
