import { ABSTAIN } from "../contracts/columns.ts";

/** A text whose likeness to a picture speaks for a class. */
export interface ClassPrompt {
  text: string;
  class: number;
}

/** The field's usual prompt a class: what zero-shot classification asks of an image-text model. */
export const zeroShotPrompts = (classes: readonly string[]): ClassPrompt[] =>
  classes.map((name, index) => ({ text: photoOf(name), class: index }));

/** A prompt for every class in every group: what one can do who knows of the groups. */
export const groupPrompts = (classes: readonly string[], groups: readonly string[]): ClassPrompt[] =>
  classes.flatMap((name, index) =>
    groups.map((group) => ({ text: `${photoOf(name)}, ${spoken(group)}`, class: index })),
  );

function photoOf(name: string): string {
  const words = spoken(name);
  return `a photo of ${/^[aeiou]/i.test(words) ? "an" : "a"} ${words}`;
}

const spoken = (name: string): string => name.replaceAll(/[_-]+/g, " ").trim();

/**
 * The class of the prompt that is most like each picture.
 *
 * @param pictures [rows × size], each of unit length, or zero where a picture cannot be read: it gets ABSTAIN
 * @param texts [prompts × size], each of unit length, in the order of the prompts
 */
export function likeliestClasses(
  { rows, size, values }: { rows: number; size: number; values: Float32Array },
  texts: Float32Array,
  prompts: readonly ClassPrompt[],
): Int8Array {
  const predicted = new Int8Array(rows).fill(ABSTAIN);
  for (let row = 0; row < rows; row++) {
    let most = Number.NEGATIVE_INFINITY;
    let length = 0;
    for (let at = 0; at < size; at++) length += values[row * size + at] ** 2;
    if (length === 0) continue;
    for (let text = 0; text < prompts.length; text++) {
      let cosine = 0;
      for (let at = 0; at < size; at++) cosine += values[row * size + at] * texts[text * size + at];
      if (cosine <= most) continue;
      most = cosine;
      predicted[row] = prompts[text].class;
    }
  }
  return predicted;
}
