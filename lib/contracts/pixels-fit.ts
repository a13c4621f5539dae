import { InvalidInputError } from "../errors.ts";
import { seesPixels } from "./pixels.ts";
import type { ParsedTask } from "./task-schema.ts";

const OF_MODELS = ["about", "logitScale", "concepts"] as const;

/** @throws InvalidInputError where programs are to see pixels, and something is said of a model */
export function assertPixelsFit(
  { modality, features, endModel }: Pick<ParsedTask, "modality" | "features" | "endModel">,
  at: (path: readonly PropertyKey[]) => string,
): void {
  if (features === undefined || !seesPixels({ modality, features })) return;
  const misfit = OF_MODELS.find((field) => features[field] !== undefined);
  if (misfit !== undefined) {
    throw new InvalidInputError(
      at(["features", misfit]),
      "found beside model: pixels. Programs then see pixels, and no model looks at the pictures. Take it out, or name a model.",
    );
  }
  if (endModel !== "none") {
    throw new InvalidInputError(
      at(["endModel"]),
      "found beside features.model: pixels. An end model over pictures learns from what a model sees of them. Take it out, or name a model.",
    );
  }
}
