import { InvalidInputError } from "../errors.ts";
import type { ParsedTask } from "./task-schema.ts";

/** Gold names rows by their id, and chooses where there is something to choose. @throws InvalidInputError where it cannot */
export function assertGoldFits(
  { gold, input, endModel }: ParsedTask,
  at: (path: readonly PropertyKey[]) => string,
): void {
  if (gold && input.id === undefined) {
    throw new InvalidInputError(
      at(["gold"]),
      "gold names rows by their id, and no column of ids is named. Name it in input.id.",
    );
  }
  if (gold?.includes("choose") && endModel === "none") {
    throw new InvalidInputError(
      at(["gold"]),
      'found "choose" and no end model to choose. Set endModel: linear, or take it out.',
    );
  }
}
