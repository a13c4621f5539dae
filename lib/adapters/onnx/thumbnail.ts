import { sharp } from "./sharp.ts";

const SIDE = 96;
const QUALITY = 60;

/**
 * A small picture of what the image tower is shown, for people to see: made of its pixels, so the file is decoded once.
 *
 * @param pixels [size × size × 3], as `decodePicture` gives them
 * @returns a JPEG file, of some two thousand bytes; WebP of that size takes twice the time
 */
export async function thumbnail(pixels: Uint8Array): Promise<Uint8Array> {
  const size = Math.sqrt(pixels.length / 3);
  return sharp()(pixels, { raw: { width: size, height: size, channels: 3 } })
    .resize(SIDE, SIDE, { kernel: "linear" })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
