import { z } from "zod";
import type { ModelCard } from "../contracts/model-card.ts";
import { DamagedObjectError } from "../errors.ts";
import type { LinearModel } from "./linear-model.ts";

/** end-model.json as users get it; `end-model.mjs` beside it reads it. Arrays are base64, little-endian. */
const EndModelFile = z.strictObject({
  format: z.literal("alchemist-linear-1"),
  classes: z.array(z.string()).min(1),
  bits: z.int().min(3).max(30),
  /** Where it labels pictures: the image-text model whose embeddings it takes, and of how many numbers. */
  embeddings: z.strictObject({ model: z.string(), hash: z.string(), size: z.int().min(1) }).optional(),
  /** Numbers of a row by their place: their path, and what they are measured against. */
  numbers: z.array(z.strictObject({ name: z.string(), mean: z.number(), deviation: z.number().positive() })),
  /** Uint32: features that have weights, ascending. */
  features: z.base64(),
  /** Float32: what an occurrence of each counts for. */
  rarity: z.base64(),
  /** Float32, row-major [features × classes], then a bias a class. */
  weights: z.base64(),
});

/** The model as the user gets it. Equal models give equal bytes. @param card of the model whose embeddings it was trained on */
export function packEndModel(
  { vocabulary, weights }: LinearModel,
  classes: readonly string[],
  card?: Pick<ModelCard, "name" | "hash" | "embeddingSize">,
): string {
  const { bits, numbers, ids, rarity } = vocabulary;
  const file: z.infer<typeof EndModelFile> = {
    format: "alchemist-linear-1",
    classes: [...classes],
    bits,
    ...(card && { embeddings: { model: card.name, hash: card.hash, size: card.embeddingSize } }),
    numbers,
    features: base64Of(ids),
    rarity: base64Of(rarity),
    weights: base64Of(weights),
  };
  return `${JSON.stringify(file)}\n`;
}

/** The inverse of `packEndModel`. @throws DamagedObjectError naming `what` */
export function unpackEndModel(bytes: Uint8Array, what: string): LinearModel {
  try {
    const file = EndModelFile.parse(JSON.parse(new TextDecoder().decode(bytes)));
    const classes = file.classes.length;
    const ids = new Uint32Array(bytesOf(file.features));
    const rarity = new Float32Array(bytesOf(file.rarity));
    const weights = new Float32Array(bytesOf(file.weights));
    if (rarity.length !== ids.length || weights.length !== (ids.length + 1) * classes) {
      throw new RangeError("Arrays of unequal lengths");
    }
    return { classes, weights, vocabulary: { bits: file.bits, numbers: file.numbers, ids, rarity } };
  } catch (cause) {
    throw new DamagedObjectError(what, { cause });
  }
}

const base64Of = ({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");

/** A copy: what Buffer decodes into need not begin at a multiple of four bytes. */
const bytesOf = (base64: string): ArrayBuffer => new Uint8Array(Buffer.from(base64, "base64")).buffer;
