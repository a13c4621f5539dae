/**
 * Run: `node examples/emoji/make-model.ts`. Writes a model of CLIP's shape that sees nothing but colours: of a picture, which
 * share of it is red, orange …; of a text, which colours it names. No training, no weights of anybody's.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shippedTokenizer } from "../../lib/adapters/onnx/image-text-models.ts";
import { FLOAT, INT64, int, ints, model, node, tensor, value } from "../../test/support/onnx-file.ts";
import { sha256Of } from "../../test/support/tiny-onnx.ts";

/** Colours as people name them, each by some that everybody would call so. White and black are paper and ink here. */
const SEEN: Record<string, string[]> = {
  red: ["#d22f27", "#e03030", "#a02020"],
  orange: ["#e27022", "#f1b31c", "#f5a040"],
  yellow: ["#fcea2b", "#f8e060"],
  green: ["#5c9e31", "#b1cc33", "#2f7a3a", "#90d070"],
  blue: ["#1e50a0", "#61b2e4", "#92d3f5", "#5090d0"],
  purple: ["#8967aa", "#b399c8", "#704090"],
  pink: ["#e67a94", "#ffa7c0", "#f5b8c8"],
  brown: ["#6a462f", "#a57939", "#c19a6b", "#8b5a2b"],
  grey: ["#9b9b9a", "#d0cfce", "#808080", "#b0b0b0"],
};
const UNSEEN = ["#ffffff", "#000000", "#3f3f3f"];
const WORDS: Record<string, string> = { gray: "grey", violet: "purple" };

/** How sure a pixel is of the colour that it is nearest to. */
const SHARPNESS = 100;
/** Every so many pixels one is looked at. */
const STEP = 4;
const MEAN = [0.48145466, 0.4578275, 0.40821073];
const DEVIATION = [0.26862954, 0.26130258, 0.27577711];

const names = Object.keys(SEEN);
const points = [
  ...names.flatMap((name) => SEEN[name].map((hex) => ({ name, hex }))),
  ...UNSEEN.map((hex) => ({ name: "", hex })),
];
const rgbOf = (hex: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);

// The nearest point p of a pixel x has the greatest 2 p·x − |p|²: one convolution.
const kernel = points.flatMap(({ hex }) =>
  rgbOf(hex).map((level, channel) => SHARPNESS * 2 * level * DEVIATION[channel]),
);
const bias = points.map(({ hex }) => {
  const rgb = rgbOf(hex);
  const atMean = rgb.reduce((sum, level, channel) => sum + 2 * level * MEAN[channel], 0);
  return SHARPNESS * (atMean - rgb.reduce((sum, level) => sum + level * level, 0));
});
const ofPoints = points.flatMap(({ name }) => names.map((colour) => (colour === name ? 1 : 0)));

const visual = model({
  nodes: [
    node(
      "Conv",
      ["pixel_values", "kernel", "bias"],
      ["nearness"],
      [ints("kernel_shape", [1, 1]), ints("strides", [STEP, STEP])],
    ),
    node("Softmax", ["nearness"], ["point"], [int("axis", 1)]),
    node("ReduceMean", ["point"], ["share"], [ints("axes", [2, 3]), int("keepdims", 0)]),
    node("MatMul", ["share", "colours"], ["image_embeds"], []),
  ],
  initializers: [
    tensor("kernel", [points.length, 3, 1, 1], Float32Array.from(kernel)),
    tensor("bias", [points.length], Float32Array.from(bias)),
    tensor("colours", [points.length, names.length], Float32Array.from(ofPoints)),
  ],
  inputs: [value("pixel_values", FLOAT, ["batch", 3, 224, 224])],
  outputs: [value("image_embeds", FLOAT, ["batch", names.length])],
});

const tokenizer = await shippedTokenizer();
const words = [...names, ...Object.keys(WORDS)];
const ids = words.map((word) => {
  const [, id, ...rest] = tokenizer.encode(word);
  if (rest.length !== 1) throw new Error(`${word} is more than one token`);
  return BigInt(id);
});
const ofWords = words.flatMap((word) => names.map((colour) => (colour === (WORDS[word] ?? word) ? 1 : 0)));

const textual = model({
  nodes: [
    node("Unsqueeze", ["input_ids", "last"], ["each"], []),
    node("Equal", ["each", "words"], ["same"], []),
    node("Cast", ["same"], ["found"], [int("to", FLOAT)]),
    node("ReduceMean", ["found"], ["said"], [ints("axes", [1]), int("keepdims", 0)]),
    node("MatMul", ["said", "colours"], ["text_embeds"], []),
  ],
  initializers: [
    tensor("last", [1], BigInt64Array.of(2n)),
    tensor("words", [words.length], BigInt64Array.from(ids)),
    tensor("colours", [words.length, names.length], Float32Array.from(ofWords)),
  ],
  inputs: [value("input_ids", INT64, ["batch", 77])],
  outputs: [value("text_embeds", FLOAT, ["batch", names.length])],
});

const folder = join(import.meta.dirname, "models/colours");
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "visual.onnx"), visual);
writeFileSync(join(folder, "textual.onnx"), textual);
const manifest = {
  kind: "colours",
  logitScale: 6,
  embeddingSize: names.length,
  visual: { file: "visual.onnx", sha256: sha256Of(visual) },
  textual: { file: "textual.onnx", sha256: sha256Of(textual) },
  source: "examples/emoji/make-model.ts",
};
writeFileSync(join(folder, "model.json"), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`${names.length} colours, ${visual.length + textual.length} bytes`);
