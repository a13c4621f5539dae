import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { LocalTask } from "../local/open-task.ts";
import type { Io } from "./alchemist.ts";

/** Where directories of models lie. */
export const modelsFolder = ({ models }: { models?: string }, { config }: Pick<Io, "config">): string =>
  resolve(models ?? config.ALCHEMIST_MODELS ?? join(homedir(), ".cache", "alchemist", "models"));

/** The same for a task: models/ of its own folder, where that holds the model it names. */
export function modelsFolderOf(
  { folder, task }: Pick<LocalTask, "folder" | "task">,
  options: { models?: string },
  io: Pick<Io, "config">,
): string {
  const own = join(folder, "models");
  const isThere = task.features !== undefined && existsSync(join(own, task.features.model));
  return options.models === undefined && isThere ? own : modelsFolder(options, io);
}
