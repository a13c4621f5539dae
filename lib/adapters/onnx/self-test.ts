import { InvalidInputError } from "../../errors.ts";

/**
 * First numbers of the embedding of a text, as the original ViT-B/32 gives them; from the tests of lakeraai/onnx_clip (MIT).
 * They are of no unit length there, so their direction is compared.
 */
const GOLDEN: Record<string, { text: string; first: number[] }> = {
  "clip-vit-b-32": {
    text: "a photo of a man",
    first: [-0.26425982, 0.32455686, -0.02275231, 0.20319021, -0.00989811],
  },
};
GOLDEN["clip-vit-b-32-int8"] = GOLDEN["clip-vit-b-32"];

/** Cosine between what is found and what is known: quantised weights stay above it, other weights do not reach it. */
const LEAST_COSINE = 0.97;

/**
 * Whether a model that is said to be real CLIP reads a text as real CLIP does, tokeniser and all. Models of other kinds have
 * nothing to be compared with.
 *
 * @throws InvalidInputError
 */
export async function selfTest(
  kind: string,
  read: (texts: readonly string[]) => Promise<Float32Array[]>,
  path: string,
): Promise<void> {
  const golden = GOLDEN[kind];
  if (golden === undefined) return;
  const [found] = await read([golden.text]);
  const cosine = cosineOf(golden.first, found.subarray(0, golden.first.length));
  if (cosine >= LEAST_COSINE) return;
  throw new InvalidInputError(
    path,
    `this is not ${kind}: it reads ${JSON.stringify(golden.text)} otherwise than the original (cosine ${cosine.toFixed(3)} of the first numbers). Fetch it again, or give it another kind in model.json.`,
  );
}

function cosineOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let [dot, ofOne, ofOther] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    dot += one[at] * other[at];
    ofOne += one[at] ** 2;
    ofOther += other[at] ** 2;
  }
  return dot / Math.sqrt(ofOne * ofOther);
}
