import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { onnxModels } from "../../adapters/onnx/image-text-models.ts";
import type { ModelCard } from "../../contracts/model-card.ts";
import { InvalidInputError } from "../../errors.ts";
import { MANIFEST_FILE } from "../../models/manifest.ts";
import type { DevImages } from "./handler-environment.ts";

/** The image-text models of a folder of folders. @throws InvalidInputError where there is none, or one cannot be used */
export async function imagesIn(folder: string): Promise<DevImages> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const models = onnxModels(folder, availableParallelism());
  const cards: ModelCard[] = [];
  for (const entry of entries) {
    const files = entry.isDirectory() ? await readdir(join(folder, entry.name)) : [];
    if (files.includes(MANIFEST_FILE) || files.includes("visual.onnx"))
      cards.push(await models.card(entry.name));
  }
  if (cards.length > 0) return { folder, cards };
  throw new InvalidInputError(
    folder,
    "there is no model here. Name the folder in which directories with visual.onnx and textual.onnx lie; alchemist models pull fetches one.",
  );
}
