import { type FeatureRow, featureReader } from "./features.ts";
import { scoresOf, softmaxInPlace } from "./softmax-regression.ts";
import { type Vocabulary, vectorizer } from "./vectors.ts";

/** A trained end model: everything that it needs to label a row. */
export interface LinearModel {
  classes: number;
  vocabulary: Vocabulary;
  /** Row-major [features × classes], then [classes] biases. */
  weights: Float32Array;
}

/** Gives a row's class distribution: a row in, [classes] out. */
export type RowPosterior = (row: FeatureRow, out: Float64Array) => void;

/** The class distribution of rows, met in training or not, of the kind it was trained on. A row of which nothing is known gets the biases' alone. */
export function rowPosteriorOf({ vocabulary, weights }: LinearModel): RowPosterior {
  const read = featureReader(
    vocabulary.bits,
    new Map(vocabulary.numbers.map(({ name }, place) => [name, place])),
  );
  const vectorize = vectorizer(vocabulary);
  return (row, out) => {
    const { ids, values } = read(row);
    const kept = vectorize(ids, values);
    scoresOf(ids, values, kept, weights, out);
    softmaxInPlace(out);
  };
}

/** Least that a probability counts for in a product, so that neither side alone can rule a class out. */
const LEAST = 1e-6;

/**
 * The label model's and the end model's distributions together: their product, scaled to sum to 1. One has seen the votes,
 * the other the rows.
 *
 * @param votes [classes] the label model's
 * @param out [classes] the end model's; becomes the pooled one
 */
export function poolInto(votes: ArrayLike<number>, out: Float64Array): void {
  for (let label = 0; label < out.length; label++) {
    out[label] = Math.log(Math.max(votes[label], LEAST)) + Math.log(Math.max(out[label], LEAST));
  }
  softmaxInPlace(out);
}
