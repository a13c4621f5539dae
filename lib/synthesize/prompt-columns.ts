import type { Column } from "../contracts/columns.ts";
import type { Concept } from "../contracts/concepts.ts";
import { PIXELS, seesBoth, seesPixels } from "../contracts/pixels.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import type { PromptColumn } from "./prompts.ts";

/** What programs of an image task see where they see scores: these, and pixels where the task has both. */
export const scoresColumns = (
  task: Pick<TaskFile, "modality" | "features" | "synthesis">,
  concepts: readonly Concept[],
): PromptColumn[] => [{ name: "scores", concepts }, ...(seesBoth(task) ? [{ name: PIXELS }] : [])];

/**
 * The columns that programs see besides the text: those the task names, else all of a record task's data but
 * its id and its gold.
 *
 * @throws InvalidInputError where a record task's columns cannot be known
 */
export async function promptColumns(
  task: TaskFile,
  columnsOf: (task: TaskFile) => Promise<{ name: string; kind?: Column["kind"] }[] | undefined> = async () =>
    undefined,
): Promise<PromptColumn[]> {
  const { columns, id, label, group } = task.input;
  if (seesPixels(task)) return [{ name: PIXELS }];
  if (columns) return columns;
  if (task.modality !== "record") return [];
  const found = (await columnsOf(task))?.filter(({ name }) => ![id, label, group].includes(name));
  if (found && found.length > 0) return found.map(({ name, kind }) => ({ name, kind }));
  throw new InvalidInputError(
    "input.columns",
    "a record task needs columns, and there is no data file yet to take them from. Name them here, or put a file into data/ first.",
  );
}
