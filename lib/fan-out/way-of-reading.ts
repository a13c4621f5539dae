import { FileName } from "../contracts/names.ts";
import type { Run } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { formatOf } from "../tables/table-format.ts";

/** How a task wants a data file read and its labels written. */
export type WayOfReading = Pick<
  Run,
  "name" | "file" | "classes" | "visible" | "id" | "label" | "format" | "outputFormat" | "outputName"
>;

/**
 * Joins a task with a data file's name.
 *
 * @param format of the labels, instead of the task's
 * @throws InvalidInputError where the file's name says no format
 */
export function wayOfReading(task: TaskFile, file: FileName, format = task.output.format): WayOfReading {
  const { name, format: input } = formatOf(file);
  const { text = "text", id = null, label = null, columns = [] } = task.input;
  const named = columns.map((column) => ({ source: column.name, name: column.name }));
  return {
    name: FileName.parse(name),
    file,
    classes: task.classes.map((one) => one.name),
    visible: task.modality === "text" ? [{ source: text, name: "text" }, ...named] : named,
    id,
    label,
    format: input,
    outputFormat: format === "same" ? input : format,
    outputName: task.output.name,
  };
}
