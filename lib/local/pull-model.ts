import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInputError } from "../errors.ts";
import { catalogue } from "../models/catalogue.ts";
import { MANIFEST_FILE, ModelManifest } from "../models/manifest.ts";
import { type Download, download } from "./download.ts";

export interface PullOptions {
  /** The directory of models. */
  root: string;
  /** Fetch the files below this address instead of the catalogue's. */
  from?: string;
  /** By file: what its SHA-256 must be. */
  sha256?: Readonly<Record<string, string>>;
  onBytes?: (file: string, ...progress: Parameters<NonNullable<Download["onBytes"]>>) => void;
}

const HALVES = ["visual", "textual"] as const;

/**
 * Fetches a model of the catalogue. Its manifest is written last, and a file has its name only when it is whole. What was
 * fetched once must come the same again, unless another checksum is given.
 *
 * @returns the manifest as written
 * @throws InvalidInputError where nobody knows the model; DownloadError
 */
export async function pullModel(
  name: string,
  { root, from, sha256 = {}, onBytes }: PullOptions,
): Promise<ModelManifest> {
  const entry = catalogue.get(name);
  if (entry === undefined) {
    throw new InvalidInputError(
      name,
      `there is no such model to fetch. Known are ${[...catalogue.keys()].join(", ")}; any CLIP export also loads from a directory with visual.onnx and textual.onnx.`,
    );
  }
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  const before = await writtenManifest(join(folder, MANIFEST_FILE));
  const { kind, logitScale, embeddingSize } = entry;
  const found: Partial<Record<(typeof HALVES)[number], { file: string; sha256: string }>> = {};
  const sources: string[] = [];
  for (const half of HALVES) {
    const file = `${half}.onnx`;
    const url =
      from === undefined ? entry[half].url : new URL(file, from.endsWith("/") ? from : `${from}/`).href;
    const given = sha256[file] ?? entry[half].sha256;
    const first = before?.[half].file === file ? before[half].sha256 : undefined;
    const checked = await download({
      url,
      path: join(folder, file),
      sha256: given ?? first,
      onBytes: onBytes && ((...progress) => onBytes(file, ...progress)),
    });
    found[half] = { file, sha256: checked.sha256 };
    const word = given === undefined ? "as first fetched" : "as given";
    sources.push(`${url} (checksum ${checked.onServersWord ? "by the server's word" : word})`);
  }
  const manifest = ModelManifest.parse({
    kind,
    logitScale,
    embeddingSize,
    ...found,
    source: sources.join("; "),
  });
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function writtenManifest(path: string): Promise<ModelManifest | undefined> {
  try {
    return ModelManifest.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined; // None, or none of ours: it is written anew.
  }
}
