import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { onnxModels } from "../../../lib/adapters/onnx/image-text-models.ts";
import { hashOf } from "../../../lib/contracts/hash.ts";
import { folderOf } from "../../support/cli.ts";
import { plainPicture } from "../../support/pictures.ts";
import {
  brokenVisual,
  sha256Of,
  type TinyNames,
  tinyTextual,
  tinyVisual,
  writeTinyModel,
} from "../../support/tiny-onnx.ts";

const colours = ["red", "green", "blue"];

/** Which of the colours each of them is nearest to. */
async function nearest(root: string) {
  const model = await onnxModels(root, 1).open("tiny");
  const texts = await model.embedTexts(colours.map((colour) => `a ${colour} thing`));
  const pictures = await Promise.all(colours.map(async (colour) => model.decode(await plainPicture(colour))));
  const found = await model.embedPictures(pictures);
  const { embeddingSize: size } = model.card;
  return colours.map((_, row) => {
    const cosines = colours.map((_, text) => {
      let cosine = 0;
      for (let at = 0; at < size; at++) cosine += found[row * size + at] * texts[text * size + at];
      return cosine;
    });
    return colours[cosines.indexOf(Math.max(...cosines))];
  });
}

const withTiny = (names?: TinyNames, more: Record<string, string | Uint8Array> = {}) => {
  const folder = folderOf({});
  writeTinyModel(join(folder.path, "tiny"), names);
  for (const [name, content] of Object.entries(more)) writeFileSync(join(folder.path, "tiny", name), content);
  return folder;
};

describe("a model's directory", () => {
  it.each<[string, TinyNames]>([
    ["with the names of one export", {}],
    ["with the names of another", { pixels: "input", pictures: "output", ids: "input", texts: "output" }],
    ["with ids of 32 bits", { type: "int32" }],
    ["with a mask beside the ids", { mask: true }],
    ["one picture and one text at a time", { rows: 1 }],
    ["seven at a time, no more and no fewer", { rows: 7 }],
  ])("is understood by its sessions, %s", async (_what, names) => {
    using folder = withTiny(names);
    expect(await nearest(folder.path)).toEqual(colours);
  });

  it("is of kind unknown where it has no manifest, and of its files' content", async () => {
    using folder = withTiny();
    const { hash, ...card } = await onnxModels(folder.path, 1).card("tiny");
    expect(card).toEqual({ name: "tiny", kind: "unknown", embeddingSize: 3, logitScale: 100 });
    using other = withTiny({ pictures: "output" });
    expect((await onnxModels(other.path, 1).card("tiny")).hash).not.toBe(hash);
  });

  it("is what its manifest says", async () => {
    const manifest = {
      kind: "colours",
      logitScale: 5,
      embeddingSize: 3,
      visual: { sha256: sha256Of(tinyVisual()), input: "pixel_values", output: "image_embeds" },
      textual: { sha256: sha256Of(tinyTextual()), type: "int64" },
    };
    using folder = withTiny({}, { "model.json": JSON.stringify(manifest) });
    const { hash: _, ...card } = await onnxModels(folder.path, 1).card("tiny");
    expect(card).toEqual({ name: "tiny", kind: "colours", embeddingSize: 3, logitScale: 5 });
  });

  it.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    [
      "a file has another checksum than its manifest says",
      { "model.json": manifestOf("0".repeat(64)) },
      /visual.onnx: its SHA-256 is [0-9a-f]{64}, and model.json says 0{64}/,
    ],
    [
      "its manifest has a checksum that is none",
      { "model.json": manifestOf("abc") },
      /model.json: visual.sha256: /,
    ],
    ["its manifest is no JSON", { "model.json": "{" }, /model.json: this is not JSON/],
    [
      "a half is no ONNX file",
      { "textual.onnx": "hello" },
      /textual.onnx: this is no ONNX file that can be run/,
    ],
    [
      "the halves are swapped",
      { "textual.onnx": tinyVisual() },
      /textual.onnx: this is not shaped like CLIP's textual half. Found inputs pixel_values float32\[batch, 3, 224, 224\]/,
    ],
    [
      "its embeddings are not numbers",
      { "visual.onnx": brokenVisual() },
      /visual.onnx: this network's embeddings are not numbers. Weights of 16 bits may overflow/,
    ],
    [
      "the half that looks at pictures is none",
      { "visual.onnx": tinyTextual() },
      /visual.onnx: this is not shaped like CLIP's visual half. Found inputs input_ids int64\[batch, 77\]/,
    ],
    [
      "its embeddings have another size than its manifest says",
      { "model.json": manifestOf(sha256Of(tinyVisual()), "colours", 4) },
      /textual.onnx: its embeddings have 3 numbers, and model.json says 4. Correct embeddingSize there, or leave it out./,
    ],
    [
      "it says it is CLIP, and reads otherwise",
      { "model.json": manifestOf(sha256Of(tinyVisual()), "clip-vit-b-32") },
      /this is not clip-vit-b-32: it reads "a photo of a man" otherwise than the original/,
    ],
  ])("is refused where %s", async (_what, files, message) => {
    using folder = withTiny({}, files);
    await expect(nearest(folder.path)).rejects.toThrow(message);
  });

  it("is refused where the halves are not of one model", async () => {
    using folder = withTiny();
    writeFileSync(join(folder.path, "tiny", "textual.onnx"), tinyTextual({ size: 4 }));
    await expect(nearest(folder.path)).rejects.toThrow(
      "visual.onnx: its embeddings have 3 numbers, and those of texts 4: the two files are not of one model.",
    );
  });

  it("is told of with the remedy where it is missing", async () => {
    using folder = folderOf({});
    await expect(onnxModels(folder.path, 1).open("clip-vit-b-32")).rejects.toThrow(
      `${join(folder.path, "clip-vit-b-32")}: there is no model here, and features.model of task.yaml asks for clip-vit-b-32. Fetch it with alchemist models pull clip-vit-b-32, or say with --models DIR where it lies.`,
    );
  });

  it("gives the same numbers whatever else is in the batch", async () => {
    using folder = withTiny();
    const model = await onnxModels(folder.path, 1).open("tiny");
    const pictures = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        model.decode(await plainPicture({ r: index * 12, g: 90, b: 40 })),
      ),
    );
    const together = await model.embedPictures(pictures);
    const alone = await Promise.all(pictures.map((picture) => model.embedPictures([picture])));
    expect(hashOf(new Uint8Array(together.buffer))).toBe(
      hashOf(Buffer.concat(alone.map(({ buffer }) => new Uint8Array(buffer)))),
    );
  });
});

describe("the half that looks at pictures", () => {
  const shades = (count: number) =>
    Array.from({ length: count }, (_, index) => new Uint8Array(224 * 224 * 3).fill(40 + index));

  it("gives the same numbers on two processors, asked for more at once than it has", async () => {
    using folder = withTiny();
    const [one, two] = await Promise.all(
      [1, 2].map((threads) => onnxModels(folder.path, threads).open("tiny")),
    );
    const asked = [shades(9), shades(5), shades(1), shades(14)];
    const expected = [];
    for (const pictures of asked) expected.push(await one.embedPictures(pictures));
    expect(await Promise.all(asked.map((pictures) => two.embedPictures(pictures)))).toEqual(expected);
  });

  it("answers again after it has failed", async () => {
    using folder = withTiny({}, { "visual.onnx": brokenVisual() });
    const model = await onnxModels(folder.path, 1).open("tiny");
    const dark = [new Uint8Array(224 * 224 * 3)];
    const outcomes = await Promise.allSettled([model.embedPictures(dark), model.embedPictures(dark)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    const light = [new Uint8Array(224 * 224 * 3).fill(250)];
    expect(await model.embedPictures(light)).toHaveLength(3);
  });
});

function manifestOf(visual: string, kind = "colours", embeddingSize?: number): string {
  const textual = { sha256: sha256Of(tinyTextual()) };
  return JSON.stringify({ kind, embeddingSize, visual: { sha256: visual }, textual });
}
