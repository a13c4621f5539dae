import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { thumbnail } from "../../../lib/adapters/onnx/thumbnail.ts";

/** A decoded picture: red at the left of the top, green at its right, blue and white below. */
function quarters(size: number): Uint8Array {
  const colours = [
    [250, 0, 0],
    [0, 250, 0],
    [0, 0, 250],
    [250, 250, 250],
  ];
  const pixels = new Uint8Array(size * size * 3);
  for (let at = 0; at < size * size; at++) {
    const [x, y] = [at % size, Math.floor(at / size)];
    pixels.set(colours[(x < size / 2 ? 0 : 1) + (y < size / 2 ? 0 : 2)], at * 3);
  }
  return pixels;
}

describe("a thumbnail", () => {
  it.each([
    [224, 96],
    [336, 96],
    [97, 96],
    [96, 96],
    [32, 32],
  ])("shows a square of %i pixels in one of %i, as it lies", async (size, side) => {
    const file = await thumbnail(quarters(size));
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    const levelsAt = (x: number, y: number) =>
      [0, 1, 2].map((channel) =>
        data[(Math.floor(y * side) * side + Math.floor(x * side)) * 3 + channel] > 128 ? 1 : 0,
      );
    expect([info.format, info.width, info.height]).toEqual(["raw", side, side]);
    expect([levelsAt(0.25, 0.25), levelsAt(0.75, 0.25), levelsAt(0.25, 0.75), levelsAt(0.75, 0.75)]).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 1, 1],
    ]);
    // The last pixel has its colour too: nothing was read from beyond the edge.
    expect(levelsAt(0.999, 0.999)).toEqual([1, 1, 1]);
    expect((await sharp(file).metadata()).format).toBe("jpeg");
  });
});
