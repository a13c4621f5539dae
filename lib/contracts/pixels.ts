import { hashOfJson } from "./hash.ts";
import type { ModelCard } from "./model-card.ts";
import type { TaskFile } from "./task-file.ts";

/** What `features.model` says where programs see the pictures' own pixels, and no model looks at any; and their one column. */
export const PIXELS = "pixels";

/** Pixels that programs see of a picture, by each side. */
export const PIXEL_SIDE = 32;

/** Grows when the same picture would become other pixels than before. */
const PIXELS_VERSION = 1;

/** Stands where a model's card does: what programs see of a picture depends on nothing else. */
export const PIXELS_CARD: ModelCard = {
  name: PIXELS,
  kind: `${PIXEL_SIDE} × ${PIXEL_SIDE}`,
  hash: hashOfJson([PIXELS, PIXELS_VERSION, PIXEL_SIDE]),
  embeddingSize: PIXEL_SIDE * PIXEL_SIDE * 3,
  logitScale: 1,
};

/** Whether a task's programs see pixels. */
export const seesPixels = ({ modality, features }: Pick<TaskFile, "modality" | "features">): boolean =>
  modality === "image" && features?.model === PIXELS;

/** Whether they see scores of visual concepts. */
export const seesScores = (task: Pick<TaskFile, "modality" | "features">): boolean =>
  task.modality === "image" && !seesPixels(task);

/** Whether they see both: beside the model's scores, pixels, for which some of them are asked. */
export const seesBoth = (task: Pick<TaskFile, "modality" | "features" | "synthesis">): boolean =>
  seesScores(task) && task.synthesis.strategies.includes(PIXELS);
