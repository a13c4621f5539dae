import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FLOAT, float, INT64, int, ints, model, node, tensor, value } from "../test/support/onnx-file.ts";

/** Numbers of CLIP ViT-B/32 (Radford et al. 2021). */
const EMBEDDING = 512;
const LAYERS = 12;
const HEAD = 64;
const VISUAL = { width: 768, patch: 32, side: 224, length: 50 };
const TEXTUAL = { width: 512, vocabulary: 49_408, length: 77 };
const OPSET = 17;
/** Levels of one deviation of the weights, so that none passes a byte. */
const LEVELS = 36;

type Precision = "fp32" | "int8";

/**
 * Writes both halves of ViT-B/32, every layer as it is and with random weights: speed and memory are its own, embeddings mean
 * nothing.
 *
 * @param precision int8: weights of all products but the first are bytes, and what they meet is quantised as it comes
 */
export function writeClipGraph(folder: string, precision: Precision): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "visual.onnx"), visual(precision));
  writeFileSync(join(folder, "textual.onnx"), textual(precision));
}

interface Graph {
  nodes: Buffer[];
  initializers: Buffer[];
  /** Adds an operator. @returns the name of its output */
  add(type: string, inputs: string[], attributes?: Buffer[]): string;
  weights(dims: number[], spread?: number): string;
  integers(...values: number[]): string;
  scalar(number: number): string;
  /** x · weights, and a bias. */
  linear(x: string, from: number, to: number): string;
  normalised(x: string, width: number): string;
}

function newGraph(precision: Precision): Graph {
  const nodes: Buffer[] = [];
  const initializers: Buffer[] = [];
  const random = gaussian(7);
  const name = () => `t${nodes.length}_${initializers.length}`;
  const keep = (dims: number[], values: Parameters<typeof tensor>[2]): string => {
    const called = name();
    initializers.push(tensor(called, dims, values));
    return called;
  };
  const sizeOf = (dims: number[]) => dims.reduce((product, one) => product * one, 1);
  const graph: Graph = {
    nodes,
    initializers,
    add(type, inputs, attributes = []) {
      const output = name();
      nodes.push(node(type, inputs, [output], attributes));
      return output;
    },
    weights: (dims, spread = 0.02) =>
      keep(
        dims,
        new Float32Array(sizeOf(dims)).map(() => spread * random()),
      ),
    integers: (...values) => keep([values.length], BigInt64Array.from(values, BigInt)),
    scalar: (number) => keep([], Float32Array.of(number)),
    linear(x, from, to) {
      const product =
        precision === "fp32" ? graph.add("MatMul", [x, graph.weights([from, to])]) : quantised(x, from, to);
      return graph.add("Add", [product, graph.weights([to])]);
    },
    normalised(x, width) {
      const [scale, bias] = [keep([width], new Float32Array(width).fill(1)), graph.weights([width])];
      return graph.add("LayerNormalization", [x, scale, bias], [int("axis", 2), float("epsilon", 1e-5)]);
    },
  };
  const quantised = (x: string, from: number, to: number): string => {
    const weights = keep(
      [from, to],
      new Int8Array(from * to).map(() => LEVELS * random()),
    );
    const [levels, scale, zero] = [`${name()}_levels`, `${name()}_scale`, `${name()}_zero`];
    nodes.push(node("DynamicQuantizeLinear", [x], [levels, scale, zero], []));
    const product = graph.add("MatMulInteger", [levels, weights, zero]);
    const size = graph.add("Mul", [scale, graph.scalar(0.02 / LEVELS)]);
    return graph.add("Mul", [graph.add("Cast", [product], [int("to", FLOAT)]), size]);
  };
  return graph;
}

/** The layers that both halves are made of. @param mask added to what each place sees of the others */
function layers(graph: Graph, x: string, width: number, length: number, mask?: string): string {
  const { add, integers, linear, normalised, scalar } = graph;
  const heads = integers(0, length, width / HEAD, HEAD);
  const joined = integers(0, length, width);
  const scale = scalar(1 / Math.sqrt(HEAD));
  const slope = scalar(1.702);
  const byHead = (y: string, perm: number[]) =>
    add("Transpose", [add("Reshape", [y, heads])], [ints("perm", perm)]);
  let stream = x;
  for (let layer = 0; layer < LAYERS; layer++) {
    const seen = normalised(stream, width);
    const asked = byHead(add("Mul", [linear(seen, width, width), scale]), [0, 2, 1, 3]);
    const offered = byHead(linear(seen, width, width), [0, 2, 3, 1]);
    const told = byHead(linear(seen, width, width), [0, 2, 1, 3]);
    const likeness = add("MatMul", [asked, offered]);
    const share = add("Softmax", [mask ? add("Add", [likeness, mask]) : likeness], [int("axis", 3)]);
    const heard = add("Transpose", [add("MatMul", [share, told])], [ints("perm", [0, 2, 1, 3])]);
    stream = add("Add", [stream, linear(add("Reshape", [heard, joined]), width, width)]);
    const wide = linear(normalised(stream, width), width, 4 * width);
    const gated = add("Mul", [wide, add("Sigmoid", [add("Mul", [wide, slope])])]);
    stream = add("Add", [stream, linear(gated, 4 * width, width)]);
  }
  return stream;
}

/** pixels [N, 3, 224, 224] → [N, 512] */
function visual(precision: Precision): Buffer {
  const { width, patch, side, length } = VISUAL;
  const graph = newGraph(precision);
  const { add, weights, integers } = graph;
  const patches = add(
    "Conv",
    ["pixel_values", weights([width, 3, patch, patch])],
    [ints("kernel_shape", [patch, patch]), ints("strides", [patch, patch])],
  );
  const flat = add("Reshape", [patches, integers(0, width, length - 1)]);
  const places = add("Transpose", [flat], [ints("perm", [0, 2, 1])]);
  const rows = add("Slice", [add("Shape", ["pixel_values"]), integers(0), integers(1)]);
  const shape = add("Concat", [rows, integers(1, width)], [int("axis", 0)]);
  const first = add("Expand", [weights([1, 1, width]), shape]);
  const all = add("Concat", [first, places], [int("axis", 1)]);
  const placed = add("Add", [all, weights([1, length, width])]);
  const stream = layers(graph, graph.normalised(placed, width), width, length);
  const seen = add("Slice", [graph.normalised(stream, width), integers(0), integers(1), integers(1)]);
  return finished(graph, add("Squeeze", [seen, integers(1)]), width, {
    input: value("pixel_values", FLOAT, ["batch", 3, side, side]),
    output: "image_embeds",
  });
}

/** ids [N, 77] → [N, 512] */
function textual(precision: Precision): Buffer {
  const { width, vocabulary, length } = TEXTUAL;
  const graph = newGraph(precision);
  const { add, weights, integers } = graph;
  const words = add("Gather", [weights([vocabulary, width]), "input_ids"]);
  const placed = add("Add", [words, weights([1, length, width])]);
  const before = new Float32Array(length * length).map((_, at) =>
    at % length > Math.floor(at / length) ? -1e9 : 0,
  );
  graph.initializers.push(tensor("causal", [1, 1, length, length], before));
  const stream = graph.normalised(layers(graph, placed, width, length, "causal"), width);
  // The end mark has the highest id, and is there once: it picks its place.
  const end = add("ReduceMax", ["input_ids"], [ints("axes", [1]), int("keepdims", 1)]);
  const isEnd = add("Cast", [add("Equal", ["input_ids", end])], [int("to", FLOAT)]);
  const picked = add("MatMul", [add("Unsqueeze", [isEnd, integers(1)]), stream]);
  return finished(graph, add("Squeeze", [picked, integers(1)]), width, {
    input: value("input_ids", INT64, ["batch", length]),
    output: "text_embeds",
  });
}

function finished(
  graph: Graph,
  x: string,
  width: number,
  { input, output }: { input: Buffer; output: string },
): Buffer {
  const projection = graph.weights([width, EMBEDDING]);
  graph.nodes.push(node("MatMul", [x, projection], [output], []));
  const { nodes, initializers } = graph;
  const outputs = [value(output, FLOAT, ["batch", EMBEDDING])];
  return model({ nodes, initializers, inputs: [input], outputs, opset: OPSET });
}

/** About normal, mean 0, deviation 1: the sum of four draws. */
function gaussian(seed: number): () => number {
  let state = seed;
  const draw = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  };
  return () => (draw() + draw() + draw() + draw()) * Math.sqrt(3 / 4);
}
