import { seesBoth, seesPixels } from "../contracts/pixels.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ProgramVotes } from "../ports.ts";
import { taskFor } from "./pixel-prompts.ts";
import type { Screening } from "./screen.ts";
import { wrongOnPixels } from "./wrong-on-pixels.ts";
import { wrongOnScores } from "./wrong-on-scores.ts";

/** What is wrong with a program of an image task, by what it was told that it sees; who wrote one alone may read all. */
export const wrongOnPictures =
  (task: TaskFile): NonNullable<Screening["alsoWrong"]> =>
  (outcome, rows, strategy) => {
    if (strategy === undefined && seesBoth(task)) return wrongOnBoth(outcome, rows);
    const seen = strategy === undefined ? task : taskFor(strategy, task);
    return seesPixels(seen) ? wrongOnPixels(outcome, rows) : wrongOnScores(outcome, rows);
  };

const wrongOnBoth = ({ faults }: ProgramVotes, rows: number): string | undefined =>
  faults.error === 0
    ? undefined
    : `it throws on ${faults.error} of ${rows} probe rows, and all of them have every score and every pixel: spell concepts and descriptions exactly as they are listed, and mind pictures of one colour`;
