import type { Column } from "../contracts/columns.ts";
import type { Concept } from "../contracts/concepts.ts";

/** Six decimals: finer than any embedding is, and the same text wherever it is computed. */
const DECIMALS = 1e6;

/** All descriptions of all concepts, in order: what the text tower is asked. */
export const descriptionsOf = (concepts: readonly Concept[]): string[] =>
  concepts.flatMap(({ descriptions }) => descriptions);

/**
 * Scores of one picture: a softmax within each concept over logit scale × cosine.
 *
 * @param picture [size], of unit length
 * @param texts [descriptions × size], each of unit length, in the order of `descriptionsOf`
 * @returns [descriptions], 0 … 1, of six decimals
 */
export function scoresOf(
  picture: Float32Array,
  texts: Float32Array,
  concepts: readonly Concept[],
  logitScale: number,
): Float64Array {
  const size = picture.length;
  const scores = new Float64Array(texts.length / size);
  let first = 0;
  for (const { descriptions } of concepts) {
    const next = first + descriptions.length;
    let most = Number.NEGATIVE_INFINITY;
    for (let text = first; text < next; text++) {
      let cosine = 0;
      for (let at = 0; at < size; at++) cosine += picture[at] * texts[text * size + at];
      scores[text] = logitScale * cosine;
      if (scores[text] > most) most = scores[text];
    }
    let sum = 0;
    for (let text = first; text < next; text++) {
      scores[text] = Math.exp(scores[text] - most);
      sum += scores[text];
    }
    for (let text = first; text < next; text++) {
      scores[text] = Math.round((scores[text] / sum) * DECIMALS) / DECIMALS;
    }
    first = next;
  }
  return scores;
}

/**
 * The one column that programs of an image task see, `scores`, as JSON.
 *
 * JSON and not a number a description: a row costs tens of milliseconds to embed and a few microseconds to parse.
 */
export function scoresColumn(concepts: readonly Concept[], rows: readonly ArrayLike<number>[]): Column {
  const openings = concepts.map(
    ({ name, descriptions }, index) =>
      [
        `${index === 0 ? "{" : "},"}${JSON.stringify(name)}:{`,
        descriptions.map((one) => `${JSON.stringify(one)}:`),
      ] as const,
  );
  const textOf = (scores: ArrayLike<number>): string => {
    let text = "";
    let at = 0;
    for (const [opening, names] of openings) {
      text += opening;
      for (const [index, name] of names.entries()) text += `${index === 0 ? "" : ","}${name}${scores[at++]}`;
    }
    return `${text}}}`;
  };
  return { name: "scores", kind: "json", values: rows.map(textOf) };
}
