import { createRequire } from "node:module";
import type { InferenceSession, Tensor as OnnxTensor } from "onnxruntime-node";
import { InvalidInputError } from "../../errors.ts";

type Runtime = typeof import("onnxruntime-node");

/** As it lies in the function's container: found when it is needed, for most commands need no model. */
const runtime = (): Runtime => createRequire(import.meta.url)("onnxruntime-node") as Runtime;

/** One of a model's two networks, with what its session says of itself. */
export interface Tower {
  path: string;
  session: InferenceSession;
  input: { name: string; type: string; shape: readonly (number | string)[] };
  /** Pictures or texts that it takes at once, where it takes no other number. */
  rows?: number;
  /** Another input, that says which tokens count; exports have it or not. */
  mask?: string;
  output: string;
}

/** Of the input and the output, where a manifest has them. */
export interface Names {
  input?: string;
  output?: string;
}

/** Names that exports give to an embedding, the likeliest first. */
const OUTPUTS = ["image_embeds", "text_embeds", "output"];

/**
 * Opens a network and finds its way around by its session.
 *
 * @param kind whether it looks at pictures or reads texts
 * @param names of the manifest, for exports that leave a choice
 * @throws InvalidInputError where it is not shaped like CLIP's
 */
export async function openTower(
  path: string,
  kind: "visual" | "textual",
  names: Names,
  threads: number,
): Promise<Tower> {
  const session = await runtime()
    .InferenceSession.create(path, {
      executionProviders: ["cpu"],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: "all",
      // Threads that have nothing to do would turn in circles, and pictures are decoded meanwhile.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
      logSeverityLevel: 3,
    })
    .catch((cause: unknown) => {
      throw new InvalidInputError(path, `this is no ONNX file that can be run: ${(cause as Error).message}`, {
        cause,
      });
    });
  const inputs = session.inputMetadata.flatMap((one) => (one.isTensor ? [one] : []));
  const outputs = session.outputMetadata.flatMap((one) => (one.isTensor ? [one] : []));
  const fits = ({ type, shape }: (typeof inputs)[number]) =>
    kind === "visual"
      ? type === "float32" && shape.length === 4 && (shape[1] === 3 || typeof shape[1] === "string")
      : (type === "int64" || type === "int32") && shape.length === 2;
  const mask = inputs.find(({ name }) => kind === "textual" && /mask/i.test(name));
  const rest = inputs.filter((one) => one !== mask);
  const input = rest.find(({ name }) =>
    names.input === undefined ? rest.length === 1 : name === names.input,
  );
  const flat = outputs.filter(({ type, shape }) => type === "float32" && shape.length === 2);
  const output =
    names.output === undefined
      ? (OUTPUTS.map((name) => flat.find((one) => one.name === name)).find(Boolean) ??
        (flat.length === 1 ? flat[0] : undefined))
      : flat.find(({ name }) => name === names.output);
  if (!input || !fits(input) || !output) throw notClip(path, kind, inputs, outputs);
  const rows = typeof input.shape[0] === "number" && input.shape[0] > 0 ? input.shape[0] : undefined;
  return { path, session, input, rows, mask: mask?.name, output: output.name };
}

/** What was found, and what CLIP's half would have. */
function notClip(
  path: string,
  kind: "visual" | "textual",
  inputs: readonly { name: string; type: string; shape: readonly (number | string)[] }[],
  outputs: typeof inputs,
): InvalidInputError {
  const shown = (all: typeof inputs) =>
    all.map(({ name, type, shape }) => `${name} ${type}[${shape.join(", ")}]`).join(", ") || "none";
  const expected =
    kind === "visual"
      ? "one input of pictures, float32[N, 3, H, W]"
      : "one input of token ids, int64 or int32[N, 77], and perhaps a mask";
  return new InvalidInputError(
    path,
    `this is not shaped like CLIP's ${kind} half. Found inputs ${shown(inputs)} and outputs ${shown(outputs)}; expected ${expected}, and one output of embeddings, float32[N, D]. Where there are several, name input and output in model.json.`,
  );
}

/**
 * Runs a tower.
 *
 * @param rows that are wanted, of those fed
 * @returns [rows × size], each row of unit length
 * @throws InvalidInputError where the network makes no number of a row, as weights that overflow do
 */
export async function embeddings(
  { path, session, output }: Tower,
  feeds: Record<string, OnnxTensor>,
  rows: number,
): Promise<{ values: Float32Array; size: number }> {
  const { [output]: found } = await session.run(feeds, [output]);
  const size = found.dims[1];
  const values = new Float32Array((found.data as Float32Array).subarray(0, rows * size));
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let at = row * size; at < (row + 1) * size; at++) sum += values[at] * values[at];
    const length = Math.sqrt(sum);
    if (!Number.isFinite(length)) {
      throw new InvalidInputError(
        path,
        "this network's embeddings are not numbers. Weights of 16 bits may overflow: take an export of 32 bits.",
      );
    }
    if (length === 0) continue;
    for (let at = row * size; at < (row + 1) * size; at++) values[at] /= length;
  }
  return { values, size };
}

export const tensorOf = (
  type: "float32" | "int32" | "int64",
  content: Float32Array | Int32Array | BigInt64Array,
  dims: number[],
) => new (runtime().Tensor)(type, content as never, dims) as OnnxTensor;
