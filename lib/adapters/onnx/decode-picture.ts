import { UnreadablePictureError } from "../../errors.ts";
import { geometryOf, pixelValuesOf } from "../../features/picture-geometry.ts";
import { sharp } from "./sharp.ts";

/** Decoded line by line a picture may have this many pixels, and as a whole so many. */
const MOST_PIXELS = 101_000_000;
const MOST_PIXELS_WHOLE = 32_000_000;

/**
 * A picture as CLIP's image tower takes it: the first frame, upright by its EXIF orientation, transparency on white.
 *
 * Turned and mirrored last: a picture is then read from top to bottom, and one of 100 megapixels needs no more memory than
 * a small one.
 *
 * @returns [3 × size × size]
 * @throws UnreadablePictureError
 */
export async function decodePicture(bytes: Uint8Array, size: number): Promise<Float32Array> {
  const open = () =>
    sharp()(bytes, { failOn: "truncated", limitInputPixels: false, sequentialRead: true, pages: 1 });
  try {
    const { width, height, orientation, format, isProgressive, hasAlpha } = await open().metadata();
    const isWhole = isProgressive || (format !== "jpeg" && format !== "png" && format !== "tiff");
    const most = isWhole ? MOST_PIXELS_WHOLE : MOST_PIXELS;
    if (width * height > most) {
      throw new UnreadablePictureError(
        "too-many-pixels",
        `it has ${width} × ${height} pixels. Up to ${Math.floor(most / 1e6)} million are read of a picture that is stored like this.`,
      );
    }
    const { cut, crop, ...to } = geometryOf(width, height, size);
    let picture = open();
    if (cut) picture = picture.extract(cut);
    if (hasAlpha) picture = picture.flatten({ background: "white" });
    const { data, info } = await picture
      .resize({ ...to, fit: "fill", kernel: "cubic", fastShrinkOnLoad: false })
      .extract(crop)
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return pixelValuesOf(rgbOf(data, info.channels), size, orientation);
  } catch (cause) {
    if (cause instanceof UnreadablePictureError) throw cause;
    const reason = (cause as Error).message.split("\n")[0].slice(0, 200);
    throw new UnreadablePictureError("unreadable", `it cannot be decoded: ${reason}. Save it anew.`, {
      cause,
    });
  }
}

/** Three channels of one, two or four. */
function rgbOf(pixels: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return pixels;
  const rgb = new Uint8Array((pixels.length / channels) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    rgb[to] = pixels[from];
    rgb[to + 1] = pixels[channels > 2 ? from + 1 : from];
    rgb[to + 2] = pixels[channels > 2 ? from + 2 : from];
  }
  return rgb;
}
