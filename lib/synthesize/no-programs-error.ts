import type { TaskName } from "../contracts/names.ts";
import type { RejectedProgram } from "../contracts/programs.ts";
import { RefusedError } from "../errors.ts";

/** A task is left without a single program. */
export class NoProgramsError extends RefusedError {
  readonly code = "no-programs";

  constructor(task: TaskName, rejected: readonly RejectedProgram[]) {
    super(
      rejected.length === 0
        ? "There is no program: synthesis.programs is 0 and programs/ of the task folder has no .js or .py file. " +
            "Ask for programs, or write one."
        : `None of the ${rejected.length} programs of ${task} can be used. ${rejected
            .slice(0, 3)
            .map(({ id, reason }) => `${id}: ${reason}.`)
            .join(" ")} ${remedies(rejected)}`,
    );
  }
}

/** What helps against programs of the user's, and against a model's. */
function remedies(rejected: readonly RejectedProgram[]): string {
  const files = rejected.flatMap(({ origin }) => (origin.kind === "file" ? [`programs/${origin.file}`] : []));
  const mend = `Mend ${files.slice(0, 3).join(", ")}: docs/programs.md has a remedy for each reason.`;
  const askOtherwise =
    "The replies are kept in replies/ of the task's work folder. " +
    "Take another synthesis.model or synthesis.seed, or describe the task and its classes more fully.";
  return [
    ...(files.length > 0 ? [mend] : []),
    ...(files.length < rejected.length ? [askOtherwise] : []),
  ].join(" ");
}
