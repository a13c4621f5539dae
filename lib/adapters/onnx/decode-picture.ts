import { UnreadablePictureError } from "../../errors.ts";
import { enlarged } from "../../features/enlarged.ts";
import { geometryOf } from "../../features/picture-geometry.ts";
import { upright } from "../../features/upright.ts";
import { sharp } from "./sharp.ts";

/** Decoded line by line a picture may have this many pixels, and as a whole so many. */
const MOST_PIXELS = 101_000_000;
const MOST_PIXELS_WHOLE = 32_000_000;

/**
 * A picture as CLIP's image tower sees it: the first frame, upright by its EXIF orientation, transparency on white.
 *
 * Turned and mirrored last: a picture is then read from top to bottom, and one of 100 megapixels needs no more memory than
 * a small one.
 *
 * @returns [size × size × 3]
 * @throws UnreadablePictureError
 */
export async function decodePicture(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const options = { failOn: "truncated", limitInputPixels: false, sequentialRead: true, pages: 1 } as const;
  try {
    const { width, height, orientation, format, space, isProgressive, hasAlpha } = await sharp()(
      bytes,
      options,
    ).metadata();
    const isWhole = isProgressive || (format !== "jpeg" && format !== "png" && format !== "tiff");
    const most = isWhole ? MOST_PIXELS_WHOLE : MOST_PIXELS;
    if (width * height > most) {
      throw new UnreadablePictureError(
        "too-many-pixels",
        `it has ${width} × ${height} pixels. Up to ${Math.floor(most / 1e6)} million are read of a picture that is stored like this.`,
      );
    }
    const { cut, crop, ...to } = geometryOf(width, height, size);
    // CLIP was trained on pictures whose colour profiles nobody looked at, and to apply one costs as much as all the rest.
    // Printers' colours are none that a screen has: there it is needed.
    let picture = sharp()(bytes, { ...options, ignoreIcc: space !== "cmyk" });
    if (cut) picture = picture.extract(cut);
    if (hasAlpha) picture = picture.flatten({ background: "white" });
    const isSmaller = Math.min(width, height) < size;
    if (!isSmaller) {
      picture = picture
        .resize({ ...to, fit: "fill", kernel: "cubic", fastShrinkOnLoad: false })
        .extract(crop);
    }
    const { data, info } = await picture
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const rgb = rgbOf(data, info.channels);
    return upright(isSmaller ? enlarged(rgb, info, { ...to, crop }) : rgb, size, orientation);
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
