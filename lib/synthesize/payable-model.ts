import type { TaskFile } from "../contracts/task-file.ts";
import { LanguageUnavailableError } from "../errors.ts";
import type { LanguageModel, Ports } from "../ports.ts";

/** The model, where programs in the task's language can be run here; else one that is never paid. */
export function payableModel(
  { synthesis: { programs, language } }: Pick<TaskFile, "synthesis">,
  { model, runner }: Pick<Ports, "model" | "runner">,
): LanguageModel {
  const lacks = programs > 0 ? runner.lacking?.(language) : undefined;
  if (lacks === undefined) return model;
  const refuse = async () => {
    throw new LanguageUnavailableError(lacks);
  };
  return { complete: refuse, embed: refuse };
}
