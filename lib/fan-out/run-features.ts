import { Concepts } from "../contracts/concepts.ts";
import { keys } from "../contracts/keys.ts";
import type { ModelCard, RunFeatures } from "../contracts/model-card.ts";
import { parsed } from "../contracts/objects.ts";
import { PIXELS_CARD, seesBoth, seesPixels } from "../contracts/pixels.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";

export type ModelCardOf = (name: string) => Promise<ModelCard>;

/** What the pictures of an image task are looked at with now; nothing for other tasks. */
export async function runFeatures(
  task: TaskFile,
  modelCard: ModelCardOf | undefined,
  store: ObjectStore,
): Promise<RunFeatures | undefined> {
  const { name, modality, features } = task;
  if (modality !== "image" || features === undefined) return undefined;
  if (modelCard === undefined) {
    throw new InvalidInputError(
      "features.model",
      "image tasks are not set up here. Deploy with -c alchemist.images=true, or run on a machine that has the model.",
    );
  }
  if (seesPixels(task)) return { model: PIXELS_CARD };
  const { logitScale, ...card } = await modelCard(features.model);
  const key = keys.concepts(name);
  const found = await store.find(key);
  if (found === undefined) {
    throw new InvalidInputError(
      "features.concepts",
      "the task has no visual concepts yet. Drop its task file again, or name them there.",
    );
  }
  return {
    model: { ...card, logitScale: features.logitScale ?? logitScale },
    concepts: parsed(Concepts, found, key).hash,
    ...(seesBoth(task) && { pixels: PIXELS_CARD }),
  };
}
