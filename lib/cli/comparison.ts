import { availableParallelism } from "node:os";
import { onnxModels } from "../adapters/onnx/image-text-models.ts";
import { Hash } from "../contracts/names.ts";
import type { Receipt } from "../contracts/receipt.ts";
import { InvalidInputError } from "../errors.ts";
import { type Comparison, compare, type EvaluatedRun, groupValues } from "../evaluate/compare.ts";
import type { GoldRow } from "../evaluate/evaluate.ts";
import type { GroupReport } from "../evaluate/groups.ts";
import { promptingBaselines } from "../evaluate/prompting-baselines.ts";
import type { LocalTask } from "../local/open-task.ts";
import { loadRun, loadSource } from "../run-objects.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { modelsFolderOf } from "./models-folder.ts";

/** A comparison, and why a part of it is missing. */
export type Compared = Comparison & { missing?: string };

/** Groups and baselines of an evaluated run; nothing where its task neither names groups nor labels pictures. */
export async function comparison(
  local: LocalTask,
  receipt: Receipt,
  rows: readonly GoldRow[],
  options: TaskOptions,
  io: Io,
): Promise<Compared | undefined> {
  const { task, store } = local;
  const run = await loadRun(store, task.name, Hash.parse(receipt.run));
  const source = await loadSource(store, task.name, run.source);
  const { features } = run;
  if (source === undefined || (features === undefined && run.group === undefined)) return undefined;
  const of: EvaluatedRun = { store, task: task.name, run, source };
  if (features === undefined) return compare(of, rows, []);
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
    return await compare(of, rows, await promptingBaselines(asked, model, await groupValues(of)));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { ...(await compare(of, rows, [])), missing: error.message };
  }
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
