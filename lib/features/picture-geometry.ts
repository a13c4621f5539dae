/** A rectangle of pixels. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** How a picture becomes a square: cut first where it is very long, then resized, then the middle taken. */
export interface Geometry {
  cut?: Region;
  width: number;
  height: number;
  crop: Region;
}

/** Past this many times its shorter side, a picture's ends cannot be seen in the middle and are not resized at all. */
const MOST_STRETCH = 8;

/**
 * CLIP's preprocessing: the shorter side becomes `size`, the longer one is truncated to whole pixels, and the middle is taken.
 *
 * @param width of the picture as it is stored, at least 1
 * @param height likewise
 */
export function geometryOf(width: number, height: number, size: number): Geometry {
  const shorter = Math.min(width, height);
  const most = shorter * MOST_STRETCH;
  const from = { width: Math.min(width, most), height: Math.min(height, most) };
  const isCut = from.width < width || from.height < height;
  const scaled = (side: number) => Math.trunc((size * side) / shorter);
  const to = { width: scaled(from.width), height: scaled(from.height) };
  return {
    ...(isCut && { cut: middleOf(width, height, from) }),
    ...to,
    crop: middleOf(to.width, to.height, { width: size, height: size }),
  };
}

const middleOf = (width: number, height: number, inner: { width: number; height: number }): Region => ({
  left: halfOf(width - inner.width),
  top: halfOf(height - inner.height),
  ...inner,
});

/** Halves go to the even number, as Python rounds. */
function halfOf(pixels: number): number {
  const half = Math.floor(pixels / 2);
  return pixels % 2 === 0 ? half : half + (half % 2);
}

/** Of the levels 0 … 1 of each channel, as pixels are normalised. */
export const MEAN = [0.48145466, 0.4578275, 0.40821073];
export const DEVIATION = [0.26862954, 0.26130258, 0.27577711];

/** [256], what each level of a channel becomes. */
const [RED, GREEN, BLUE] = MEAN.map((mean, channel) =>
  Float32Array.from({ length: 256 }, (_, level) => (level / 255 - mean) / DEVIATION[channel]),
);

/**
 * Pixels as CLIP's image tower takes them.
 *
 * @param rgb [size × size × 3], 0 … 255
 * @param orientation EXIF's, 1 … 8: how the square is to be turned and mirrored
 * @returns [3 × size × size], normalised by channel
 */
export function pixelValuesOf(rgb: Uint8Array, size: number, orientation = 1): Float32Array {
  const plane = size * size;
  const values = new Float32Array(3 * plane);
  const last = size - 1;
  // Where the pixel at the left of the top stands, and how far its neighbours are: no pixel is then asked for one by one.
  const [left, top] = sourceOf(orientation, 0, 0, last);
  const [rightX, rightY] = sourceOf(orientation, 1, 0, last);
  const [downX, downY] = sourceOf(orientation, 0, 1, last);
  const origin = top * size + left;
  const across = rightY * size + rightX - origin;
  const down = downY * size + downX - origin;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = (origin + y * down + x * across) * 3;
      const to = y * size + x;
      values[to] = RED[rgb[from]];
      values[plane + to] = GREEN[rgb[from + 1]];
      values[2 * plane + to] = BLUE[rgb[from + 2]];
    }
  }
  return values;
}

/** Which stored pixel of a square is shown at x, y: "Orientation" in the EXIF standard. */
function sourceOf(orientation: number, x: number, y: number, last: number): [x: number, y: number] {
  switch (orientation) {
    case 2:
      return [last - x, y];
    case 3:
      return [last - x, last - y];
    case 4:
      return [x, last - y];
    case 5:
      return [y, x];
    case 6:
      return [y, last - x];
    case 7:
      return [last - y, last - x];
    case 8:
      return [last - y, x];
    default:
      return [x, y];
  }
}
