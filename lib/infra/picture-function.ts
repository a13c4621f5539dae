import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { Platform } from "aws-cdk-lib/aws-ecr-assets";
import { Architecture, DockerImageCode, DockerImageFunction } from "aws-cdk-lib/aws-lambda";
import packageFile from "../../package.json" with { type: "json" };
import { parsedManifest } from "../adapters/onnx/model-directory.ts";
import type { ModelCard } from "../contracts/model-card.ts";
import { InvalidInputError } from "../errors.ts";
import { MANIFEST_FILE, type ModelManifest, modelHash } from "../models/manifest.ts";
import { bundle } from "./bundle.ts";
import { inFolder, type MakeFunction } from "./stage-function.ts";

/** A model on the machine that deploys, to be baked into the container. */
export interface DeployedModel {
  card: ModelCard;
  folder: string;
  manifest: ModelManifest;
}

/** @throws InvalidInputError where it has no manifest, or one that leaves open what a deployment has to know */
export function deployedModel(name: string, modelsFolder?: string): DeployedModel {
  const folder = join(resolve(modelsFolder ?? join(homedir(), ".cache", "alchemist", "models")), name);
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST_FILE), "utf8");
  } catch (cause) {
    throw new InvalidInputError(
      "cdk.json: context.alchemist.imageModel",
      `there is no ${MANIFEST_FILE} in ${folder}. Fetch the model with alchemist models pull ${name}, or say where it lies with -c alchemist.modelsFolder=DIR.`,
      { cause },
    );
  }
  const manifest = parsedManifest(text, folder);
  const { kind, embeddingSize, logitScale } = manifest;
  if (embeddingSize === undefined) {
    throw new InvalidInputError(
      join(folder, MANIFEST_FILE),
      "embeddingSize is missing, and a deployment has to know it.",
    );
  }
  return { card: { name, kind, hash: modelHash(manifest), embeddingSize, logitScale }, folder, manifest };
}

/** Lambda unpacks a function here. */
const TASK_ROOT = "/var/task";

/** `features` as a container: the bundle, the packages that are native code, and the model. It is built by `cdk deploy`. */
export const pictureFunction =
  (model: DeployedModel): MakeFunction =>
  (scope, id, options) =>
    inFolder((folder) => {
      pictureImage(model, folder);
      return new DockerImageFunction(scope, id, {
        ...options,
        architecture: Architecture.X86_64,
        environment: { ...options.environment, MODELS_FOLDER: `${TASK_ROOT}/models` },
        code: DockerImageCode.fromImageAsset(folder, { platform: Platform.LINUX_AMD64 }),
      });
    });

/** Fills a folder with what the Dockerfile copies. */
export function pictureImage({ card, folder: from, manifest }: DeployedModel, folder: string): void {
  bundle("features", folder);
  const here = import.meta.dirname;
  cpSync(join(here, "../../functions/features/Dockerfile"), join(folder, "Dockerfile"));
  cpSync(join(here, "../adapters/onnx/clip-vocabulary.txt.gz"), join(folder, "clip-vocabulary.txt.gz"));
  const { "onnxruntime-node": onnxruntime, sharp } = packageFile.dependencies;
  const dependencies = { "onnxruntime-node": onnxruntime, sharp };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true, dependencies })}\n`);
  const models = join(folder, "models", card.name);
  mkdirSync(models, { recursive: true });
  for (const file of [MANIFEST_FILE, manifest.visual.file, manifest.textual.file]) {
    cpSync(join(from, file), join(models, file));
  }
}
