import type { Geometry } from "./picture-geometry.ts";

/** Weights are whole numbers of 22 bits, as Pillow has them: the same levels come out. */
const BITS = 22;
const HALF = 1 << (BITS - 1);
/** Pixels that each pixel is made of, across and down. */
const TAPS = 4;

/** Of each pixel of a line: [pixels × TAPS] places that it is made of, and their weights. */
interface Taps {
  places: Int32Array;
  weights: Int32Array;
}

/**
 * A picture whose shorter side is less than the model's, enlarged as Pillow does it for CLIP, level for level. libvips shows
 * such a picture half a pixel off, in twice the time.
 *
 * @param rgb [height × width × 3]
 * @returns what `crop` leaves: [crop.height × crop.width × 3]
 */
export function enlarged(
  rgb: Uint8Array,
  { width, height }: { width: number; height: number },
  to: Pick<Geometry, "width" | "height" | "crop">,
): Uint8Array {
  const columns = tapsOf(width, to.width, to.crop.left, to.crop.width);
  const rows = tapsOf(height, to.height, to.crop.top, to.crop.height);
  const [first, last] = [rows.places[0], rows.places[rows.places.length - 1]];
  const wide = stretchedAcross(rgb.subarray(first * width * 3, (last + 1) * width * 3), width, columns);
  return stretchedDown(wide, to.crop.width, { ...rows, places: rows.places.map((place) => place - first) });
}

/** @param rgb [lines × width × 3] @returns [lines × pixels of `taps` × 3] */
function stretchedAcross(rgb: Uint8Array, width: number, { places, weights }: Taps): Uint8ClampedArray {
  const lines = rgb.length / (width * 3);
  const wide = new Uint8ClampedArray((lines * places.length * 3) / TAPS);
  for (let from = 0, to = 0; from < rgb.length; from += width * 3) {
    for (let tap = 0; tap < places.length; tap += TAPS, to += 3) {
      const one = from + 3 * places[tap];
      const two = from + 3 * places[tap + 1];
      const three = from + 3 * places[tap + 2];
      const four = from + 3 * places[tap + 3];
      const ofOne = weights[tap];
      const ofTwo = weights[tap + 1];
      const ofThree = weights[tap + 2];
      const ofFour = weights[tap + 3];
      for (let channel = 0; channel < 3; channel++) {
        const sum =
          Math.imul(ofOne, rgb[one + channel]) +
          Math.imul(ofTwo, rgb[two + channel]) +
          Math.imul(ofThree, rgb[three + channel]) +
          Math.imul(ofFour, rgb[four + channel]);
        wide[to + channel] = (sum + HALF) >> BITS;
      }
    }
  }
  return wide;
}

/** @returns [pixels of `taps` × width × 3] */
function stretchedDown(wide: Uint8ClampedArray, width: number, { places, weights }: Taps): Uint8Array {
  const line = width * 3;
  const square = new Uint8ClampedArray((line * places.length) / TAPS);
  for (let tap = 0, to = 0; tap < places.length; tap += TAPS) {
    const one = places[tap] * line;
    const two = places[tap + 1] * line;
    const three = places[tap + 2] * line;
    const four = places[tap + 3] * line;
    const ofOne = weights[tap];
    const ofTwo = weights[tap + 1];
    const ofThree = weights[tap + 2];
    const ofFour = weights[tap + 3];
    for (let at = 0; at < line; at++, to++) {
      const sum =
        Math.imul(ofOne, wide[one + at]) +
        Math.imul(ofTwo, wide[two + at]) +
        Math.imul(ofThree, wide[three + at]) +
        Math.imul(ofFour, wide[four + at]);
      square[to] = (sum + HALF) >> BITS;
    }
  }
  return new Uint8Array(square.buffer);
}

/** Of `count` pixels from `first` on, where `from` pixels become `to`. */
function tapsOf(from: number, to: number, first: number, count: number): Taps {
  const places = new Int32Array(count * TAPS);
  const weights = new Int32Array(count * TAPS);
  const shares = new Float64Array(TAPS);
  for (let pixel = 0; pixel < count; pixel++) {
    const centre = ((first + pixel + 0.5) * from) / to;
    const start = Math.floor(centre - 1.5);
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap++) {
      const place = start + tap;
      // What lies outside has no weight, and stands for the edge.
      shares[tap] = place < 0 || place >= from ? 0 : cubic(place + 0.5 - centre);
      places[pixel * TAPS + tap] = Math.min(Math.max(place, 0), from - 1);
      sum += shares[tap];
    }
    for (let tap = 0; tap < TAPS; tap++) {
      weights[pixel * TAPS + tap] = Math.round((shares[tap] / sum) * 2 ** BITS);
    }
  }
  return { places, weights };
}

/** Cubic convolution with a = −1∕2 (Keys 1981). */
function cubic(x: number): number {
  const at = Math.abs(x);
  if (at < 1) return (1.5 * at - 2.5) * at * at + 1;
  if (at < 2) return ((-0.5 * at + 2.5) * at - 4) * at + 2;
  return 0;
}
