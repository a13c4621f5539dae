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
