import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FLOAT, INT32, INT64, int, ints, model, node, tensor, value } from "./onnx-file.ts";

/** What the tiny model knows of the world: words, by their token, and the colours of pictures. */
const WORDS: Record<number, [number, number, number]> = {
  736: [1, -1, -1], // red
  1901: [-1, 1, -1], // green
  1746: [-1, -1, 1], // blue
};
const VOCABULARY = 49_408;

export interface TinyNames {
  pixels?: string;
  pictures?: string;
  ids?: string;
  texts?: string;
  type?: "int64" | "int32";
  mask?: boolean;
  /** Numbers of a text's embedding. */
  size?: number;
  /** How many pictures or texts it takes at once, where it takes no other number. */
  rows?: number;
}

/** Writes a model of CLIP's shape whose embeddings are a picture's mean colour and a text's colour words. */
export function writeTinyModel(folder: string, names: TinyNames = {}): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "visual.onnx"), tinyVisual(names));
  writeFileSync(join(folder, "textual.onnx"), tinyTextual(names));
}

/** pixels [N, 3, 224, 224] → the mean of each channel [N, 3]. */
export const tinyVisual = ({
  pixels = "pixel_values",
  pictures = "image_embeds",
  rows,
}: TinyNames = {}): Buffer =>
  model({
    nodes: [node("ReduceMean", [pixels], [pictures], [ints("axes", [2, 3]), int("keepdims", 0)])],
    inputs: [value(pixels, FLOAT, [rows ?? "batch", 3, 224, 224])],
    outputs: [value(pictures, FLOAT, [rows ?? "batch", 3])],
  });

/** pixels [N, 3, 224, 224] → the logarithm of the mean of each channel, which dark ones have none of [N, 3]. */
export const brokenVisual = (): Buffer =>
  model({
    nodes: [
      node("ReduceMean", ["pixel_values"], ["mean"], [ints("axes", [2, 3]), int("keepdims", 0)]),
      node("Log", ["mean"], ["image_embeds"], []),
    ],
    inputs: [value("pixel_values", FLOAT, ["batch", 3, 224, 224])],
    outputs: [value("image_embeds", FLOAT, ["batch", 3])],
  });

/** ids [N, 77] → the sum of what is known of each token [N, 3]. */
export function tinyTextual({
  ids = "input_ids",
  texts = "text_embeds",
  type = "int64",
  mask = false,
  size = 3,
  rows,
}: TinyNames = {}): Buffer {
  const table = new Float32Array(VOCABULARY * size);
  for (const [token, colour] of Object.entries(WORDS)) table.set(colour, Number(token) * size);
  const elements = type === "int64" ? INT64 : INT32;
  return model({
    nodes: [
      node("Gather", ["table", ids], ["known"], []),
      node("ReduceMean", ["known"], [texts], [ints("axes", [1]), int("keepdims", 0)]),
    ],
    initializers: [tensor("table", [VOCABULARY, size], table)],
    inputs: [
      value(ids, elements, [rows ?? "batch", 77]),
      ...(mask ? [value("attention_mask", elements, [rows ?? "batch", 77])] : []),
    ],
    outputs: [value(texts, FLOAT, [rows ?? "batch", size])],
  });
}

export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
