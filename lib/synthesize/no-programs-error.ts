import { keys } from "../contracts/keys.ts";
import type { TaskName } from "../contracts/names.ts";
import type { RejectedProgram } from "../contracts/programs.ts";
import { RefusedError } from "../errors.ts";

/** A task is left without a single program. */
export class NoProgramsError extends RefusedError {
  readonly code = "no-programs";

  constructor(task: TaskName, rejected: readonly RejectedProgram[]) {
    super(
      rejected.length === 0
        ? `There is no program: synthesis.programs is 0 and ${keys.ownProgramsOf(task)} has no .js or .py file. ` +
            "Ask for programs, or write one."
        : `None of the ${rejected.length} programs of ${task} can be used. ${rejected
            .slice(0, 3)
            .map(({ id, reason }) => `${id}: ${reason}.`)
            .join(" ")} The replies are kept under ${keys.repliesOf(task)}. ` +
            "Take another synthesis.model or synthesis.seed, or describe the task and its classes more fully.",
    );
  }
}
