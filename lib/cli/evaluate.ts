import { join } from "node:path";
import { keys } from "../contracts/keys.ts";
import { FileName } from "../contracts/names.ts";
import { parsed } from "../contracts/objects.ts";
import { Receipt } from "../contracts/receipt.ts";
import { InvalidInputError } from "../errors.ts";
import { evaluate, type GoldRow } from "../evaluate/evaluate.ts";
import { dataFilesOf, openTask } from "../local/open-task.ts";
import { formatOf } from "../tables/table-format.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { comparison, comparisonLines } from "./comparison.ts";
import { stressLines, stressRun } from "./stress.ts";
import { evaluationLines } from "./summary.ts";

/** `alchemist evaluate`: the labels of the last run against the gold column. */
export async function evaluateCommand(
  folder: string,
  options: TaskOptions & { stress?: number },
  io: Io,
): Promise<void> {
  const local = await openTask(folder, { out: options.out, dataFiles: options.data });
  const { task, store } = local;
  if (task.input.label === undefined) {
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
    const rows: GoldRow[] = [];
    const evaluation = await evaluate(store, task.name, receipt, (row) => rows.push(row));
    const compared = await comparison(local, receipt, rows, options, io);
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
