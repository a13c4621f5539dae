/** Changes that leave what a picture shows as it is. Pictures are as the image tower sees them: [side × side × 3], 0 … 255. */
export const PERTURBATIONS: Record<string, (pixels: Uint8Array) => Uint8Array> = {
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

const CHANNELS = 3;

const sideOf = (pixels: Uint8Array): number => Math.sqrt(pixels.length / CHANNELS);

function mirrored(pixels: Uint8Array): Uint8Array {
  const side = sideOf(pixels);
  return mapped(pixels, (x, y, channel) => pixels[(y * side + (side - 1 - x)) * CHANNELS + channel]);
}

function cast(pixels: Uint8Array): Uint8Array {
  const side = sideOf(pixels);
  return mapped(pixels, (x, y, channel) => pixels[(y * side + x) * CHANNELS + channel] * CAST[channel]);
}

/** The middle, enlarged to the whole; levels between pixels by their four neighbours. */
function cropped(pixels: Uint8Array): Uint8Array {
  const side = sideOf(pixels);
  const start = ((1 - KEPT) * (side - 1)) / 2;
  return mapped(pixels, (x, y, channel) => {
    const [fromX, fromY] = [start + KEPT * x, start + KEPT * y];
    const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
    const [right, bottom] = [Math.min(left + 1, side - 1), Math.min(top + 1, side - 1)];
    const [shareX, shareY] = [fromX - left, fromY - top];
    const level = (column: number, line: number) => pixels[(line * side + column) * CHANNELS + channel];
    const upper = level(left, top) * (1 - shareX) + level(right, top) * shareX;
    const lower = level(left, bottom) * (1 - shareX) + level(right, bottom) * shareX;
    return upper * (1 - shareY) + lower * shareY;
  });
}

/** Blurred outside a circle around the centre. */
function surroundingsBlurred(pixels: Uint8Array): Uint8Array {
  const side = sideOf(pixels);
  const radius = Math.max(1, Math.round(BLUR * side));
  const line = side * CHANNELS;
  const alongX = mapped(pixels, (x, y, channel) =>
    meanAlong(pixels, y * line + channel, CHANNELS, x, side, radius),
  );
  const blurred = mapped(pixels, (x, y, channel) =>
    meanAlong(alongX, x * CHANNELS + channel, line, y, side, radius),
  );
  const middle = (side - 1) / 2;
  return mapped(pixels, (x, y, channel) => {
    const at = (y * side + x) * CHANNELS + channel;
    return Math.hypot(x - middle, y - middle) <= CLEAR * side ? pixels[at] : blurred[at];
  });
}

/** Mean of the neighbours of place `at` on a line of pixels. */
function meanAlong(
  pixels: Uint8Array,
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

/** A picture of the levels that are found for each place and channel, rounded, none above 255. */
function mapped(pixels: Uint8Array, levelAt: (x: number, y: number, channel: number) => number): Uint8Array {
  const side = sideOf(pixels);
  const changed = new Uint8ClampedArray(pixels.length);
  let at = 0;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let channel = 0; channel < CHANNELS; channel++) changed[at++] = levelAt(x, y, channel);
    }
  }
  return new Uint8Array(changed.buffer);
}
