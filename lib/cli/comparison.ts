import { availableParallelism } from "node:os";
import { onnxModels } from "../adapters/onnx/image-text-models.ts";
import { Hash } from "../contracts/names.ts";
import type { Receipt } from "../contracts/receipt.ts";
import { InvalidInputError } from "../errors.ts";
import {
  type Comparison,
  type Contender,
  compare,
  type EvaluatedRun,
  groupValues,
} from "../evaluate/compare.ts";
import type { GoldRow } from "../evaluate/evaluate.ts";
import type { GroupReport } from "../evaluate/groups.ts";
import { otherLabels } from "../evaluate/other-labels.ts";
import { promptingBaselines } from "../evaluate/prompting-baselines.ts";
import { openLabeledFile } from "../explain/labeled-file.ts";
import { type LocalTask, openTask } from "../local/open-task.ts";
import { loadRun, loadSource } from "../run-objects.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { modelsFolderOf } from "./models-folder.ts";

/** A comparison, and why a part of it is missing. */
export type Compared = Comparison & { missing?: string };

/**
 * Groups and baselines of an evaluated run; nothing where its task neither names groups nor labels pictures.
 *
 * @throws InvalidInputError where it is to be set beside a task that does not label the same pictures
 */
export async function comparison(
  local: LocalTask,
  receipt: Receipt,
  rows: readonly GoldRow[],
  options: TaskOptions & { beside?: string },
  io: Io,
): Promise<Compared | undefined> {
  const { task, store } = local;
  const run = await loadRun(store, task.name, Hash.parse(receipt.run));
  const source = await loadSource(store, task.name, run.source);
  const { features } = run;
  if (features === undefined && options.beside !== undefined) {
    throw new InvalidInputError(
      "--beside",
      "only labels of pictures can be set beside others. Leave it out.",
    );
  }
  if (source === undefined || (features === undefined && run.group === undefined)) return undefined;
  const of: EvaluatedRun = { store, task: task.name, run, source };
  const others = options.beside === undefined ? [] : [await labelsOf(options.beside, of)];
  if (features?.concepts === undefined) return compare(of, rows, others);
  let prompting: Contender[] = [];
  let missing: string | undefined;
  try {
    const models = onnxModels(modelsFolderOf(local, options, io), availableParallelism());
    const model = await models.open(features.model.name);
    if (model.card.hash !== features.model.hash) {
      throw new InvalidInputError(
        "features.model",
        `the files of ${features.model.name} are others than in the run. Run again, or put them back.`,
      );
    }
    const asked = { task: task.name, run: { ...run, features }, store };
    prompting = await promptingBaselines(asked, model, await groupValues(of));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    missing = error.message;
  }
  const compared = await compare(of, rows, [...prompting, ...others]);
  return missing === undefined ? compared : { ...compared, missing };
}

/** The labels that another task folder's last run gave the same file. */
async function labelsOf(folder: string, of: EvaluatedRun): Promise<Contender> {
  const { task, store } = await openTask(folder);
  return otherLabels(of, { store, labeled: await openLabeledFile(store, task.name, of.run.file) });
}

/** The same for a terminal. */
export function comparisonLines(compared: Compared | undefined): string[] {
  if (compared === undefined) return [];
  const { groups, baselines, missing } = compared;
  const line = (title: string, text: string) => `  ${title.padEnd(15)}${text}`;
  return [
    ...(groups ? [line("groups", groupsText(groups))] : []),
    ...baselines.map(({ name, metrics, groups: ofGroups }) =>
      line(
        name,
        `accuracy ${metrics.accuracy.toFixed(4)} · macro-F1 ${metrics.macroF1.toFixed(4)}${ofGroups ? ` · ${groupsText(ofGroups)}` : ""}`,
      ),
    ),
    ...(missing === undefined ? [] : [line("zero-shot", `not compared: ${missing}`)]),
  ];
}

const groupsText = ({ average, worst, gap }: GroupReport): string =>
  `average ${average.toFixed(4)}, worst ${worst.accuracy.toFixed(4)} (${worst.class}, ${worst.group || "no group"}: ${worst.rows.toLocaleString("en")} rows), gap ${gap.toFixed(4)}`;
