import { DEVIATION, MEAN } from "../../features/picture-geometry.ts";
import { sharp } from "./sharp.ts";

const SIDE = 96;
const QUALITY = 60;

/**
 * A small picture of what the image tower is shown, for people to see: made of its pixels, so the file is decoded once.
 *
 * @param pixels [3 × size × size], as `pixelValuesOf` gives them
 * @returns a JPEG file, of some two thousand bytes; WebP of that size takes twice the time
 */
export async function thumbnail(pixels: Float32Array): Promise<Uint8Array> {
  const plane = pixels.length / 3;
  const size = Math.sqrt(plane);
  const rgb = new Uint8Array(pixels.length);
  for (let channel = 0; channel < 3; channel++) {
    for (let at = 0; at < plane; at++) {
      const level = pixels[channel * plane + at] * DEVIATION[channel] + MEAN[channel];
      rgb[at * 3 + channel] = Math.round(255 * level);
    }
  }
  return sharp()(rgb, { raw: { width: size, height: size, channels: 3 } })
    .resize(SIDE, SIDE, { kernel: "linear" })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
