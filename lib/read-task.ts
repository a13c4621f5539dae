import { keys, taskFiles } from "./contracts/keys.ts";
import type { TaskName } from "./contracts/names.ts";
import { parseTaskFile, type TaskDefaults, type TaskFile } from "./contracts/task-file.ts";
import { InvalidInputError } from "./errors.ts";
import type { ObjectStore } from "./ports.ts";

/** The task as its user last wrote it. @throws InvalidInputError where there is not exactly one good file */
export async function readTask(
  task: TaskName,
  store: ObjectStore,
  defaults?: TaskDefaults,
): Promise<TaskFile> {
  const found: { name: string; bytes: Uint8Array }[] = [];
  for (const name of taskFiles) {
    const bytes = await store.find(keys.taskFile(task, name));
    if (bytes) found.push({ name, bytes });
  }
  if (found.length !== 1) {
    throw new InvalidInputError(
      task,
      found.length === 0
        ? "the task folder has no task.yaml, task.yml or task.json. Write one with name, description and classes."
        : `the task folder has ${found.map(({ name }) => name).join(" and ")}. Keep one of them.`,
    );
  }
  const [{ name, bytes }] = found;
  const parsedTask = parseTaskFile(textOf(bytes, name), name, defaults);
  if (parsedTask.name !== task) {
    throw new InvalidInputError(
      `${name}: name`,
      `found ${JSON.stringify(parsedTask.name)}. Expected ${JSON.stringify(task)}, the name of its folder.`,
    );
  }
  return parsedTask;
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidInputError(name, "the file is not UTF-8 text. Save it as UTF-8.", { cause });
  }
}
