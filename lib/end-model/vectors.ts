import type { FeatureTable } from "./feature-table.ts";
import { featureKinds } from "./features.ts";

/** What a model knows of features, besides their weights. */
export interface Vocabulary {
  /** Of the hash. */
  bits: number;
  /** [features] numbers of features met in training, ascending. */
  ids: Uint32Array;
  /** [features] what an occurrence of a term counts for; 1 for what is no term. */
  rarity: Float32Array;
  /** Numbers by their place: how they are called, and what they are measured against. */
  numbers: { name: string; mean: number; deviation: number }[];
}

/** Further from the mean a number says no more: one typing error is not to outweigh a class. */
const MOST_DEVIATIONS = 5;

const ROUNDING = 1e-6;

/**
 * What a table of rows teaches of features: smoothed inverse document frequency ln((1 + rows) / (1 + rows with it)) + 1 of
 * terms (Salton & Buckley 1988, as scikit-learn smooths it), mean and standard deviation of numbers where they are given.
 *
 * @param names of numbers by their place
 * @param asVectors whether all numbers of a row are one vector: then all have one deviation, the root mean square distance of
 *   vectors from their mean, so that measured in it they are about as long as a text's terms together
 */
export function vocabularyOf(
  table: FeatureTable,
  bits: number,
  names: readonly string[],
  asVectors = false,
): Vocabulary {
  const begin = featureKinds(bits);
  const rowsWith = new Uint32Array(begin.numbers + names.length);
  const sums = new Float64Array(names.length);
  for (let entry = 0; entry < table.entries; entry++) {
    const id = table.ids[entry];
    rowsWith[id] += 1;
    if (id >= begin.numbers) sums[id - begin.numbers] += table.values[entry];
  }
  const means = sums.map((sum, place) => sum / Math.max(1, rowsWith[begin.numbers + place]));
  const squares = new Float64Array(names.length);
  for (let entry = 0; entry < table.entries; entry++) {
    const place = table.ids[entry] - begin.numbers;
    if (place >= 0) squares[place] += (table.values[entry] - means[place]) ** 2;
  }
  const variances = squares.map((sum, place) => sum / Math.max(1, rowsWith[begin.numbers + place]));
  const distance = asVectors ? Math.sqrt(variances.reduce((sum, one) => sum + one, 0)) : undefined;
  const ids = Uint32Array.from(rowsWith.keys().filter((id) => rowsWith[id] > 0));
  return {
    bits,
    ids,
    rarity: Float32Array.from(ids, (id) =>
      id < begin.properties ? Math.log((1 + table.rows) / (1 + rowsWith[id])) + 1 : 1,
    ),
    numbers: names.map((name, place) => {
      const deviation = distance ?? Math.sqrt(variances[place]);
      // Of equal numbers nothing is left but the rounding of their sum; vectors are of length 1.
      const isOne = deviation <= ROUNDING * (asVectors ? 1 : Math.abs(means[place]));
      return { name, mean: means[place], deviation: isOne ? 1 : deviation };
    }),
  };
}

/**
 * Turns features into the vector that is weighed, in place: of a term (1 + ln count) · rarity, all terms of a row together
 * brought to length 1; of a property 1; of a number its standard deviations from the mean. Features unknown to the
 * vocabulary are left out.
 *
 * @returns a function of a row's numbers of features and values, which become places in the vocabulary and weights of
 *   entries; it returns how many of them are left
 */
export function vectorizer({ bits, ids, rarity, numbers }: Vocabulary) {
  const begin = featureKinds(bits);
  const placeOf = new Int32Array(begin.numbers + numbers.length).fill(-1);
  for (let place = 0; place < ids.length; place++) placeOf[ids[place]] = place;

  return (rowIds: Uint32Array | number[], values: Float32Array | number[]): number => {
    let kept = 0;
    let square = 0;
    for (let entry = 0; entry < rowIds.length; entry++) {
      const id = rowIds[entry];
      const place = placeOf[id];
      if (place < 0) continue;
      let value = values[entry];
      if (id < begin.properties) {
        value = (1 + Math.log(value)) * rarity[place];
        square += value * value;
      } else if (id >= begin.numbers) {
        const { mean, deviation } = numbers[id - begin.numbers];
        const distance = (value - mean) / deviation;
        value = Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, distance));
      }
      rowIds[kept] = place;
      values[kept] = value;
      kept += 1;
    }
    const length = Math.sqrt(square);
    for (let entry = 0; entry < kept; entry++) {
      if (ids[rowIds[entry]] < begin.properties) values[entry] /= length;
    }
    return kept;
  };
}
