import { sharp } from "./sharp.ts";

const SIDE = 96;
const QUALITY = 50;

/**
 * A small picture of what the image tower is shown, for people to see: made of its pixels, so the file is decoded once.
 *
 * @param pixels [size × size × 3], as `decodePicture` gives them
 * @returns a JPEG file, of some two thousand bytes; WebP of that size takes twice the time
 */
export async function thumbnail(pixels: Uint8Array): Promise<Uint8Array> {
  const size = Math.sqrt(pixels.length / 3);
  const side = Math.min(SIDE, size);
  return sharp()(side < size ? reduced(pixels, size, side) : pixels, {
    raw: { width: side, height: side, channels: 3 },
  })
    .jpeg({ quality: QUALITY, optimiseCoding: false })
    .toBuffer();
}

/** Means of four neighbours. To build a pipeline that resizes takes longer than that. */
function reduced(pixels: Uint8Array, size: number, side: number): Uint8Array {
  const small = new Uint8Array(side * side * 3);
  const line = size * 3;
  for (let y = 0, to = 0; y < side; y++) {
    const row = Math.floor((y * size) / side) * line;
    for (let x = 0; x < side; x++) {
      let from = row + Math.floor((x * size) / side) * 3;
      for (let channel = 0; channel < 3; channel++, to++, from++) {
        const sum = pixels[from] + pixels[from + 3] + pixels[from + line] + pixels[from + line + 3];
        small[to] = (sum + 2) >> 2;
      }
    }
  }
  return small;
}
