import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Io } from "./alchemist.ts";

/** Where directories of models lie. */
export const modelsFolder = ({ models }: { models?: string }, { config }: Pick<Io, "config">): string =>
  resolve(models ?? config.ALCHEMIST_MODELS ?? join(homedir(), ".cache", "alchemist", "models"));
