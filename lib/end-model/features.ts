import { tokensOf } from "./tokens.ts";

/** Where kinds of features begin, terms at 0: four times as many terms as properties are told apart. */
export function featureKinds(bits: number): { properties: number; numbers: number } {
  const terms = 2 ** bits;
  return { properties: terms, numbers: terms + terms / 4 };
}

/**
 * The features of a row, by number, as `featureKinds` parts them: terms, which are words and pairs of them, with how often
 * they occur; properties, which a row has or has not; numbers, by their place in the list of names.
 */
export interface RowFeatures {
  ids: number[];
  values: number[];
}

/** A row as programs see it, or what stands for it: a vector, such as a picture's embedding. All rows of a model are of one kind. */
export type FeatureRow = { readonly [column: string]: unknown } | Float32Array;

/** Deeper inside lists and objects nothing is looked at, nor behind so many values of one row, or at so many named numbers. */
const MOST_DEPTH = 6;
const MOST_VALUES = 4_096;
const MOST_NUMBERS = 4_096;
/** Numbers beyond it, of either sign, count as it: their squares still add up. */
const LARGEST = 1e15;
/** Longer texts are no names of something. */
const LONGEST_NAME = 100;

/** 32 bits of FNV-1a, over UTF-16 code units (Fowler, Noll & Vo, RFC 9923). */
const FNV = { offset: 2_166_136_261, prime: 16_777_619 };

function hashed(text: string, before = FNV.offset): number {
  let hash = before;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV.prime);
  return hash;
}

/** The highest `bits` of a hash, mixed so that each depends on all (the finalizer of MurmurHash3, Appleby). */
export function mixedBits(hash: number, bits: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> (32 - bits);
}

/**
 * Reads rows into features (hashing: Weinberger et al. 2009). The text of a text task gives its terms; any other text gives
 * its terms and, where it is short, itself as a property; true and false are properties; a number is a number, and that it is
 * given is a property; what is in lists and objects goes by its path; null is nothing. A vector is brought to length 1, and its
 * numbers go by their place.
 *
 * @param bits of the hash, 3 to 30
 * @param numbers names of numbers by their place; new ones are added while `grow`
 */
export function featureReader(
  bits: number,
  numbers: Map<string, number>,
  grow = false,
): (row: FeatureRow) => RowFeatures {
  const begin = featureKinds(bits);

  const ofVector = (vector: Float32Array): RowFeatures => {
    while (grow && numbers.size < vector.length) numbers.set(`${numbers.size}`, numbers.size);
    if (vector.length !== numbers.size) {
      throw new RangeError(`A vector of ${vector.length} numbers where others have ${numbers.size}`);
    }
    let square = 0;
    for (let place = 0; place < vector.length; place++) square += vector[place] * vector[place];
    const features: RowFeatures = { ids: [], values: [] };
    // Of a vector without direction nothing is known.
    if (square === 0 || !Number.isFinite(square)) return features;
    const length = Math.sqrt(square);
    for (let place = 0; place < vector.length; place++) {
      features.ids.push(begin.numbers + place);
      features.values.push(vector[place] / length);
    }
    return features;
  };

  return (row) => {
    if (row instanceof Float32Array) return ofVector(row);
    const terms = new Map<number, number>();
    const properties = new Set<number>();
    const found = new Map<number, number>();
    let left = MOST_VALUES;

    const addTerms = (column: string, text: string) => {
      const before = hashed(`${column}\n`);
      let pair: number | undefined;
      for (const token of tokensOf(text)) {
        const count = (hash: number) => {
          const bucket = mixedBits(hash, bits);
          terms.set(bucket, (terms.get(bucket) ?? 0) + 1);
        };
        if (pair !== undefined) count(hashed(token, pair));
        const word = hashed(token, before);
        count(word);
        pair = hashed(" ", word);
      }
    };
    const addProperty = (text: string) =>
      properties.add(begin.properties + mixedBits(hashed(text), bits - 2));
    const addNumber = (name: string, value: number) => {
      if (!Number.isFinite(value)) return;
      if (grow && !numbers.has(name) && numbers.size < MOST_NUMBERS) numbers.set(name, numbers.size);
      const place = numbers.get(name);
      if (place === undefined) return;
      found.set(begin.numbers + place, Math.max(-LARGEST, Math.min(LARGEST, value)));
    };
    const add = (name: string, value: unknown, depth: number) => {
      if (left-- <= 0) return;
      if (typeof value === "string") {
        if (name !== "text" && value.length <= LONGEST_NAME) addProperty(`${name}=${value}`);
        addTerms(name, value);
      } else if (typeof value === "boolean") {
        addProperty(`${name}=${value}`);
      } else if (typeof value === "number") {
        addProperty(`${name}#`);
        addNumber(name, value);
      } else if (typeof value === "object" && value !== null && depth < MOST_DEPTH) {
        for (const [inner, entry] of Object.entries(value)) add(`${name}.${inner}`, entry, depth + 1);
      }
    };
    for (const [name, value] of Object.entries(row)) add(name, value, 0);
    for (const [id, count] of terms) found.set(id, count);
    for (const id of properties) found.set(id, 1);
    return { ids: [...found.keys()], values: [...found.values()] };
  };
}
