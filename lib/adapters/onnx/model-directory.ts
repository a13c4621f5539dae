import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { complaintOf } from "../../contracts/complaint-of.ts";
import type { Hash } from "../../contracts/names.ts";
import { InvalidInputError } from "../../errors.ts";
import { catalogue } from "../../models/catalogue.ts";
import { MANIFEST_FILE, ModelManifest, modelHash, UNKNOWN_KIND } from "../../models/manifest.ts";

/** A model's directory whose files are what its manifest says. */
export interface ModelDirectory {
  name: string;
  path: string;
  manifest: ModelManifest;
  /** Of the files' content: what embeddings depend on. */
  hash: Hash;
}

/**
 * Reads a model's directory and checks every file of it. One without a manifest has one made of what is there.
 *
 * @param root the directory of models
 * @throws InvalidInputError where it is missing, incomplete or has another content than its manifest says
 */
export async function openModelDirectory(root: string, name: string): Promise<ModelDirectory> {
  const path = join(root, name);
  if (!(await stat(path).catch(() => undefined))?.isDirectory()) {
    const remedy = catalogue.has(name) ? `Fetch it with alchemist models pull ${name}, or say` : "Say";
    throw new InvalidInputError(
      path,
      `there is no model here, and features.model of task.yaml asks for ${name}. ${remedy} with --models DIR where it lies.`,
    );
  }
  const written = await readFile(join(path, MANIFEST_FILE), "utf8").catch(() => undefined);
  const manifest = written === undefined ? await foundManifest(path) : parsedManifest(written, path);
  for (const { file, sha256 } of [manifest.visual, manifest.textual]) {
    const found = await digestOf(join(path, file));
    if (found === sha256) continue;
    throw new InvalidInputError(
      join(path, file),
      `its SHA-256 is ${found}, and ${MANIFEST_FILE} says ${sha256}. Fetch it again, or correct the manifest if you changed the file.`,
    );
  }
  return { name, path, manifest, hash: modelHash(manifest) };
}

/** @throws InvalidInputError naming the field */
export function parsedManifest(text: string, path: string): ModelManifest {
  const file = join(path, MANIFEST_FILE);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError(file, `this is not JSON: ${(cause as Error).message}.`, { cause });
  }
  const parsed = ModelManifest.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InvalidInputError(`${file}: ${issue.path.join(".")}`, complaintOf(issue, content, issue.path));
}

const foundManifest = async (path: string): Promise<ModelManifest> =>
  ModelManifest.parse({
    kind: UNKNOWN_KIND,
    visual: { sha256: await digestOf(join(path, "visual.onnx")) },
    textual: { sha256: await digestOf(join(path, "textual.onnx")) },
  });

async function digestOf(path: string): Promise<string> {
  const digest = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
  } catch (cause) {
    throw new InvalidInputError(
      path,
      "this file cannot be read. A model's directory holds visual.onnx, textual.onnx and, if you can, model.json.",
      { cause },
    );
  }
  return digest.digest("hex");
}
