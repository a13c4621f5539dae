import fc from "fast-check";
import { expect, it } from "vitest";
import { PIXEL_SIDE } from "../../lib/contracts/pixels.ts";
import { pixelsColumn, shrunk } from "../../lib/features/pixels-column.ts";

it("makes each pixel the mean of those it stands for, channel by channel", () => {
  // 4 × 4 to 2 × 2: red grows to the right, green downwards, blue stands in one pixel only.
  const rgb = Uint8Array.from({ length: 48 }, (_, at) => {
    const [pixel, channel] = [Math.floor(at / 3), at % 3];
    return [(pixel % 4) * 10, Math.floor(pixel / 4) * 20, pixel === 15 ? 200 : 0][channel];
  });
  expect([...shrunk(rgb, 2)]).toEqual([5, 10, 0, 25, 10, 0, 5, 50, 0, 25, 50, 50]);
});

it("leaves a picture of one colour that colour, whatever its size", () => {
  const level = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(level, level, level), fc.integer({ min: 1, max: 3 }), (colour, times) => {
      const side = times * PIXEL_SIDE;
      const rgb = Uint8Array.from({ length: 3 * side ** 2 }, (_, at) => colour[at % 3]);
      const small = shrunk(rgb);
      return small.length === 3 * PIXEL_SIDE ** 2 && small.every((one, at) => one === colour[at % 3]);
    }),
  );
});

it("refuses a side that does not divide", () => {
  expect(() => shrunk(new Uint8Array(3 * 33 ** 2))).toThrow("33 is no multiple of 32");
});

it("gives programs lines of pixels of three levels, from the top and from the left", () => {
  const levels = Float32Array.from({ length: 3 * PIXEL_SIDE ** 2 }, (_, at) => at % 256);
  const { name, kind, values } = pixelsColumn([levels, levels]);
  expect([name, kind, values.length]).toEqual(["pixels", "json", 2]);
  const pixels = JSON.parse(String(values[1]));
  expect([pixels.length, new Set(pixels.map((line: unknown[]) => line.length))]).toEqual([32, new Set([32])]);
  expect([pixels[0][0], pixels[0][1], pixels[1][0]]).toEqual([
    [0, 1, 2],
    [3, 4, 5],
    [96, 97, 98],
  ]);
});
