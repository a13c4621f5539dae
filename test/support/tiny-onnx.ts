import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

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
}

/** Writes a model of CLIP's shape whose embeddings are a picture's mean colour and a text's colour words. */
export function writeTinyModel(folder: string, names: TinyNames = {}): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "visual.onnx"), tinyVisual(names));
  writeFileSync(join(folder, "textual.onnx"), tinyTextual(names));
}

/** pixels [N, 3, 224, 224] → the mean of each channel [N, 3]. */
export const tinyVisual = ({ pixels = "pixel_values", pictures = "image_embeds" }: TinyNames = {}): Buffer =>
  model({
    nodes: [node("ReduceMean", [pixels], [pictures], [ints("axes", [2, 3]), int("keepdims", 0)])],
    inputs: [value(pixels, FLOAT, ["batch", 3, 224, 224])],
    outputs: [value(pictures, FLOAT, ["batch", 3])],
  });

/** ids [N, 77] → the sum of what is known of each token [N, 3]. */
export function tinyTextual({
  ids = "input_ids",
  texts = "text_embeds",
  type = "int64",
  mask = false,
  size = 3,
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
      value(ids, elements, ["batch", 77]),
      ...(mask ? [value("attention_mask", elements, ["batch", 77])] : []),
    ],
    outputs: [value(texts, FLOAT, ["batch", size])],
  });
}

export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export const FLOAT = 1;
const INT32 = 6;
export const INT64 = 7;

// Protocol buffers, as much of them as a graph of three nodes needs; field numbers are those of onnx.proto.
const varint = (number: number): Buffer => {
  const bytes: number[] = [];
  let rest = number;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
};
const field = (id: number, content: number | string | Buffer): Buffer => {
  if (typeof content === "number") return Buffer.concat([varint(id * 8), varint(content)]);
  const bytes = Buffer.from(content as string);
  return Buffer.concat([varint(id * 8 + 2), varint(bytes.length), bytes]);
};
const message = (...fields: Buffer[]): Buffer => Buffer.concat(fields);

/** A graph as an ONNX file. */
export const model = ({
  nodes,
  initializers = [],
  inputs,
  outputs,
}: Record<"nodes" | "inputs" | "outputs", Buffer[]> & { initializers?: Buffer[] }): Buffer =>
  message(
    field(1, 8),
    field(
      7,
      message(
        ...nodes.map((one) => field(1, one)),
        field(2, "tiny"),
        ...initializers.map((one) => field(5, one)),
        ...inputs.map((one) => field(11, one)),
        ...outputs.map((one) => field(12, one)),
      ),
    ),
    field(8, message(field(1, ""), field(2, 13))),
  );

export const node = (type: string, inputs: string[], outputs: string[], attributes: Buffer[]): Buffer =>
  message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, type),
    ...attributes.map((one) => field(5, one)),
  );

export const int = (name: string, number: number): Buffer =>
  message(field(1, name), field(3, number), field(20, 2));
export const ints = (name: string, numbers: number[]): Buffer =>
  message(field(1, name), ...numbers.map((number) => field(8, number)), field(20, 7));

export const tensor = (name: string, dims: number[], values: Float32Array | BigInt64Array): Buffer =>
  message(
    ...dims.map((size) => field(1, size)),
    field(2, values instanceof Float32Array ? FLOAT : INT64),
    field(8, name),
    field(9, Buffer.from(values.buffer)),
  );

export const value = (name: string, type: number, dims: (number | string)[]): Buffer => {
  const shape = message(
    ...dims.map((size) => field(1, typeof size === "number" ? field(1, size) : field(2, size))),
  );
  return message(field(1, name), field(2, field(1, message(field(1, type), field(2, shape)))));
};
