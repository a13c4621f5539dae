import { InvalidInputError } from "../errors.ts";
import type { ParsedTask } from "./task-schema.ts";

/** Strategies that ask for words or for invented rows, and a picture has neither. */
const NOT_FOR_PICTURES = ["exemplars", "keywords"] as const;

/** @throws InvalidInputError where an image task asks for what pictures do not have */
export function assertStrategiesFit(
  { modality, synthesis }: Pick<ParsedTask, "modality" | "synthesis">,
  at: (path: readonly PropertyKey[]) => string,
): void {
  if (modality !== "image") return;
  const misfit = NOT_FOR_PICTURES.find((strategy) => synthesis.strategies.includes(strategy));
  if (misfit !== undefined) {
    throw new InvalidInputError(
      at(["synthesis", "strategies"]),
      `found ${JSON.stringify(misfit)}. Programs of an image task see no words: take general, description, rules or retrieval.`,
    );
  }
  if (synthesis.examples > 0) {
    throw new InvalidInputError(
      at(["synthesis", "examples"]),
      "the model is not shown pictures, so no rows can be shown. Take this out.",
    );
  }
}
