import { FileName } from "../contracts/names.ts";
import type { Run, VisibleColumn } from "../contracts/objects.ts";
import { PIXELS, seesBoth, seesPixels } from "../contracts/pixels.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import { formatOf } from "../tables/table-format.ts";

/** How a task wants a data file read and its labels written. */
export type WayOfReading = Pick<
  Run,
  | "name"
  | "file"
  | "classes"
  | "visible"
  | "id"
  | "label"
  | "group"
  | "format"
  | "outputFormat"
  | "outputName"
>;

/**
 * Joins a task with a data file's name.
 *
 * @param format of the labels, instead of the task's
 * @throws InvalidInputError where the file's name says no format, or one that is not the task's
 */
export function wayOfReading(task: TaskFile, file: FileName, format = task.output.format): WayOfReading {
  const { name, format: input, pictures } = formatOf(file);
  if (pictures !== undefined && task.modality !== "image") {
    throw new InvalidInputError(
      `data/${file}`,
      `this name says ${pictures === "folder" ? "no format" : "an archive of pictures"}, and the task labels ${task.modality === "text" ? "texts" : "records"}. Drop .csv, .tsv, .jsonl or .parquet, each also with .gz behind it.`,
    );
  }
  const { id = null, label = null, group } = task.input;
  return {
    name: FileName.parse(name),
    file,
    classes: task.classes.map((one) => one.name),
    visible: visibleOf(task),
    id,
    label,
    ...(group !== undefined && { group }),
    format: input,
    outputFormat: format === "same" ? input : format,
    outputName: task.output.name,
  };
}

function visibleOf(task: TaskFile): VisibleColumn[] {
  const { modality, input } = task;
  const { text = "text", picture = "picture", columns = [] } = input;
  if (modality === "image") {
    // Programs see scores or pixels of the picture that the column names, or both, and nothing else.
    const names = seesPixels(task) ? [PIXELS] : ["scores", ...(seesBoth(task) ? [PIXELS] : [])];
    return names.map((name) => ({ source: picture, name }));
  }
  const named = columns.map((column) => ({ source: column.name, name: column.name }));
  return modality === "text" ? [{ source: text, name: "text" }, ...named] : named;
}
