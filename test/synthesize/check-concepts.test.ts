import { expect, it } from "vitest";
import { shippedTokenizer } from "../../lib/adapters/onnx/image-text-models.ts";
import { countedTokens } from "../../lib/synthesize/check-concepts.ts";

const texts = [
  "a photo of a bird with a long curved beak",
  "chrysanthemum, rhododendron and bougainvillea",
  "an ophthalmoscope beside a sphygmomanometer",
  "pneumonoultramicroscopicsilicovolcanoconiosis",
  "80's café sign, 100% naïve!",
  "чёрная кошка на крыше",
  "白い猫が屋根の上にいる",
  "🐈‍⬛ !!! ... -- ((()))",
];

it("counts no fewer tokens than CLIP's vocabulary has for a text", async () => {
  const tokenizer = await shippedTokenizer();
  for (const text of texts) {
    expect.soft(countedTokens(text), text).toBeGreaterThanOrEqual(tokenizer.encode(text).length - 2);
  }
});
