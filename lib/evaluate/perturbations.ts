import { DEVIATION, MEAN } from "../features/picture-geometry.ts";

/** Changes that leave what a picture shows as it is. Pictures are as the image tower takes them: [3 × size × size], normalised. */
export const PERTURBATIONS: Record<string, (pixels: Float32Array) => Float32Array> = {
  "background cropped": cropped,
  "surroundings blurred": surroundingsBlurred,
  "colour cast": cast,
  mirrored,
};

/** The middle that stays, by each side. */
const KEPT = 0.7;
/** Radius of the blur, and distance of the clear middle from the centre, by the side. */
const BLUR = 0.06;
const CLEAR = 0.36;
/** Light of another hour: levels of red, green and blue by so much. */
const CAST = [1.15, 1, 0.8];

const sideOf = (pixels: Float32Array): number => Math.sqrt(pixels.length / 3);

function mirrored(pixels: Float32Array): Float32Array {
  const side = sideOf(pixels);
  return mapped(pixels, (plane, x, y) => pixels[plane + y * side + (side - 1 - x)]);
}

function cast(pixels: Float32Array): Float32Array {
  const size = pixels.length / 3;
  return pixels.map((value, at) => {
    const channel = Math.floor(at / size);
    const level = value * DEVIATION[channel] + MEAN[channel];
    return (Math.min(1, level * CAST[channel]) - MEAN[channel]) / DEVIATION[channel];
  });
}

/** The middle, enlarged to the whole; levels between pixels by their four neighbours. */
function cropped(pixels: Float32Array): Float32Array {
  const side = sideOf(pixels);
  const start = ((1 - KEPT) * (side - 1)) / 2;
  return mapped(pixels, (plane, x, y) => {
    const [fromX, fromY] = [start + KEPT * x, start + KEPT * y];
    const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
    const [right, bottom] = [Math.min(left + 1, side - 1), Math.min(top + 1, side - 1)];
    const [shareX, shareY] = [fromX - left, fromY - top];
    const upper =
      pixels[plane + top * side + left] * (1 - shareX) + pixels[plane + top * side + right] * shareX;
    const lower =
      pixels[plane + bottom * side + left] * (1 - shareX) + pixels[plane + bottom * side + right] * shareX;
    return upper * (1 - shareY) + lower * shareY;
  });
}

/** Blurred outside a circle around the centre. */
function surroundingsBlurred(pixels: Float32Array): Float32Array {
  const side = sideOf(pixels);
  const radius = Math.max(1, Math.round(BLUR * side));
  const alongX = mapped(pixels, (plane, x, y) => meanAlong(pixels, plane + y * side, 1, x, side, radius));
  const blurred = mapped(pixels, (plane, x, y) => meanAlong(alongX, plane + x, side, y, side, radius));
  const middle = (side - 1) / 2;
  return mapped(pixels, (plane, x, y) => {
    const at = plane + y * side + x;
    return Math.hypot(x - middle, y - middle) <= CLEAR * side ? pixels[at] : blurred[at];
  });
}

/** Mean of the neighbours of place `at` on a line of pixels. */
function meanAlong(
  pixels: Float32Array,
  start: number,
  step: number,
  at: number,
  side: number,
  radius: number,
): number {
  const first = Math.max(0, at - radius);
  const last = Math.min(side - 1, at + radius);
  let sum = 0;
  for (let place = first; place <= last; place++) sum += pixels[start + place * step];
  return sum / (last - first + 1);
}

function mapped(
  pixels: Float32Array,
  valueAt: (plane: number, x: number, y: number) => number,
): Float32Array {
  const side = sideOf(pixels);
  const changed = new Float32Array(pixels.length);
  for (let plane = 0; plane < pixels.length; plane += side * side) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) changed[plane + y * side + x] = valueAt(plane, x, y);
    }
  }
  return changed;
}
