import { join } from "node:path";
import { InvalidInputError } from "../../errors.ts";
import { CONTEXT_LENGTH, type Tokenizer } from "../../features/tokenizer.ts";
import type { ImageTextModel } from "../../ports.ts";
import { decodePicture } from "./decode-picture.ts";
import type { ModelDirectory } from "./model-directory.ts";
import { selfTest } from "./self-test.ts";
import { thumbnail } from "./thumbnail.ts";
import { embeddings, openTower, type Tower, tensorOf } from "./tower.ts";
import { openVisualPool, type VisualPool } from "./visual-pool.ts";

/** Texts a session reads at once, at most. */
const TEXTS_AT_ONCE = 64;
/** Pictures likewise. More are no faster, for they leave the processor's cache. */
export const PICTURES_AT_ONCE = 4;

/**
 * A model of CLIP's shape in a directory. Each half is opened when it is first needed; the one that reads texts is closed
 * again after them, for a task has few.
 *
 * @param threads that a session may use
 */
export async function onnxImageTextModel(
  { name, path, manifest, hash }: ModelDirectory,
  { threads, tokenizer }: { threads: number; tokenizer: () => Promise<Tokenizer> },
): Promise<ImageTextModel> {
  const fileOf = (half: "visual" | "textual") => join(path, manifest[half].file);
  let visual: Promise<VisualPool> | undefined;
  let tested: Promise<void> | undefined;

  const read = async (texts: readonly string[]): Promise<Float32Array[]> => {
    const tower = await openTower(fileOf("textual"), "textual", manifest.textual, threads);
    try {
      const found: Float32Array[] = [];
      const most = tower.rows ?? TEXTS_AT_ONCE;
      for (let first = 0; first < texts.length; first += most) {
        const batch = texts.slice(first, first + most);
        found.push(...(await embedTexts(tower, batch, await tokenizer())));
      }
      return found;
    } finally {
      await tower.session.release();
    }
  };

  // Where no manifest says it, one text tells. To open that half takes seconds, and most functions need no text.
  const size = manifest.embeddingSize ?? (await read(["a picture"]))[0].length;

  const openVisual = async (): Promise<VisualPool> => {
    const pool = await openVisualPool(fileOf("visual"), manifest.visual, {
      threads,
      atOnce: PICTURES_AT_ONCE,
    });
    if (pool.size !== undefined && pool.size !== size) throw notOneSpace(fileOf("visual"), pool.size, size);
    return pool;
  };

  return {
    card: { name, kind: manifest.kind, hash, embeddingSize: size, logitScale: manifest.logitScale },
    async embedTexts(texts) {
      tested ??= selfTest(manifest.kind, read, path);
      await tested;
      const found = await read(texts);
      for (const one of found) if (one.length !== size) throw notOfSize(fileOf("textual"), one.length, size);
      return joined(found, size);
    },
    async decode(picture) {
      visual ??= openVisual();
      return decodePicture(picture, (await visual).side);
    },
    thumbnail,
    async embedPictures(pictures) {
      visual ??= openVisual();
      const pool = await visual;
      const all = new Float32Array(pictures.length * size);
      // Evenly: one picture alone takes a third longer than each of four.
      const batches = Math.ceil(pictures.length / pool.most);
      const looked = Array.from({ length: batches }, async (_, batch) => {
        const first = Math.floor((batch * pictures.length) / batches);
        const next = Math.floor(((batch + 1) * pictures.length) / batches);
        const found = await pool.embed(pictures.slice(first, next));
        if (found.size !== size) throw notOneSpace(fileOf("visual"), found.size, size);
        all.set(found.values, first * size);
      });
      await Promise.all(looked);
      return all;
    },
  };
}

const notOfSize = (file: string, found: number, size: number) =>
  new InvalidInputError(
    file,
    `its embeddings have ${found} numbers, and model.json says ${size}. Correct embeddingSize there, or leave it out.`,
  );

const notOneSpace = (file: string, pictures: number, texts: number) =>
  new InvalidInputError(
    file,
    `its embeddings have ${pictures} numbers, and those of texts ${texts}: the two files are not of one model.`,
  );

async function embedTexts(
  tower: Tower,
  texts: readonly string[],
  tokenizer: Tokenizer,
): Promise<Float32Array[]> {
  const { input, mask, rows = texts.length } = tower;
  const length = typeof input.shape[1] === "number" && input.shape[1] > 0 ? input.shape[1] : CONTEXT_LENGTH;
  const ids = Array.from({ length: rows }, (_, row) => tokenizer.padded(texts[row] ?? "", length)).flat();
  const tensor = (values: readonly number[]) =>
    input.type === "int32"
      ? tensorOf("int32", Int32Array.from(values), [rows, length])
      : tensorOf("int64", BigInt64Array.from(values, BigInt), [rows, length]);
  const feeds = {
    [input.name]: tensor(ids),
    ...(mask && { [mask]: tensor(ids.map((id) => (id === 0 ? 0 : 1))) }),
  };
  const { values, size } = await embeddings(tower, feeds, texts.length);
  return texts.map((_, row) => values.slice(row * size, (row + 1) * size));
}

function joined(parts: readonly Float32Array[], size: number): Float32Array {
  const all = new Float32Array(parts.length * size);
  for (const [index, part] of parts.entries()) all.set(part, index * size);
  return all;
}
