import type { Run } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { DirectTask } from "./direct-prompt.ts";

/** What a run, and whoever labels rows before there is one, says of its task. */
export const aboutOf = ({ description, classes, input, synthesis }: TaskFile): Run["about"] => ({
  description,
  meanings: classes.map((one) => one.description),
  columns: Object.fromEntries((input.columns ?? []).map(({ name, note }) => [name, note])),
  model: synthesis.model,
});

/** The same, with the names of the classes. */
export const directTask = (task: TaskFile): DirectTask => ({
  classes: task.classes.map(({ name }) => name),
  about: aboutOf(task),
});
