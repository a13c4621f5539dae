import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodePicture } from "../../../lib/adapters/onnx/decode-picture.ts";
import { shippedTokenizer } from "../../../lib/adapters/onnx/image-text-models.ts";
import { writePixelValues } from "../../../lib/features/pixel-values.ts";
import { hasSharedModels, numpyFloats, sharedModels } from "../../support/shared-models.ts";

describe.skipIf(!hasSharedModels())("against the original CLIP code", () => {
  const golden = (name: string) => join(sharedModels, "golden", name);

  it("prepares a picture within 0.005 of it, on average", async () => {
    const expected = numpyFloats(golden("expected_preprocessed_image.npy"));
    const decoded = await decodePicture(readFileSync(golden("franz-kafka.jpg")), 224);
    const found = new Float32Array(expected.length);
    writePixelValues(decoded, 224, found);
    expect(decoded.length).toBe(expected.length);
    const differences = found.map((value, index) => Math.abs(value - expected[index]));
    const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
    process.stderr.write(`mean absolute difference ${mean.toFixed(5)}\n`);
    expect(mean).toBeLessThan(0.005);
  });

  it("reads texts as the same tokens", async () => {
    const { tokens } = JSON.parse(readFileSync(golden("golden.json"), "utf8"));
    const tokenizer = await shippedTokenizer();
    const found = Object.keys(tokens).map((text) => [text, tokenizer.encode(text)]);
    expect(Object.fromEntries(found)).toEqual(tokens);
  });
});
