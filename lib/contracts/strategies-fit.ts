import { InvalidInputError } from "../errors.ts";
import { PIXELS, seesPixels } from "./pixels.ts";
import type { ParsedTask } from "./task-schema.ts";

/** Strategies that ask for words or for invented rows, and a picture has neither. */
const NOT_FOR_PICTURES = ["exemplars", "keywords"] as const;

/** @throws InvalidInputError where an image task asks for what pictures do not have, or another for pixels, or one for nothing else */
export function assertStrategiesFit(
  { modality, features, synthesis }: Pick<ParsedTask, "modality" | "features" | "synthesis">,
  at: (path: readonly PropertyKey[]) => string,
): void {
  const misplaced = misplacedPixels({ modality, features, synthesis });
  if (misplaced !== undefined) {
    throw new InvalidInputError(at(["synthesis", "strategies"]), `found "pixels". ${misplaced}`);
  }
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

/** Why a task cannot have the strategy `pixels` that it names. */
function misplacedPixels({
  modality,
  features,
  synthesis: { strategies },
}: Pick<ParsedTask, "modality" | "features" | "synthesis">): string | undefined {
  if (strategies === "auto" || !strategies.includes(PIXELS)) return undefined;
  if (modality !== "image") return "Only pictures have pixels: take it out.";
  if (seesPixels({ modality, features })) {
    return "With features.model: pixels all programs see pixels: take it out.";
  }
  return strategies.every((strategy) => strategy === PIXELS)
    ? "No program would see the model's scores: take features.model: pixels, or name another strategy beside it."
    : undefined;
}
