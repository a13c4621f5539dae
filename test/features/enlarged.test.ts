import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { enlarged } from "../../lib/features/enlarged.ts";

/** The pixels of a picture, each mirrored left to right and top to bottom: half a turn. */
const turned = (rgb: Uint8Array) =>
  Uint8Array.from(
    Array.from({ length: rgb.length / 3 }, (_, at) => [...rgb.subarray(at * 3, at * 3 + 3)])
      .reverse()
      .flat(),
  );

describe("enlarging a picture", () => {
  it("gives the levels that Pillow's bicubic gives", () => {
    const picture = [
      [0, 10, 200],
      [100, 250, 30],
      [255, 0, 90],
      [40, 80, 120],
      [200, 5, 255],
      [7, 140, 60],
    ];
    const found = enlarged(
      Uint8Array.from(picture.flat()),
      { width: 3, height: 2 },
      { width: 6, height: 4, crop: { left: 1, top: 0, width: 4, height: 4 } },
    );
    // Pillow 12: resize((6, 4), BICUBIC).crop((1, 0, 5, 4))
    expect([...found]).toEqual(
      [
        [11, 61, 167],
        [57, 232, 49],
        [139, 227, 15],
        [244, 48, 73],
        [28, 61, 163],
        [90, 172, 100],
        [147, 174, 71],
        [191, 65, 80],
        [63, 63, 153],
        [155, 54, 203],
        [162, 67, 182],
        [84, 101, 95],
        [80, 63, 149],
        [188, 0, 254],
        [170, 14, 238],
        [31, 118, 102],
      ].flat(),
    );
  });

  it("is the same turned by half before and after", () => {
    const anyPicture = fc
      .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
      .chain(([width, height]) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          rgb: fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 }),
        }),
      );
    fc.assert(
      fc.property(anyPicture, ({ width, height, rgb }) => {
        const to = { width: 2 * width, height: 3 * height };
        const whole = { ...to, crop: { left: 0, top: 0, ...to } };
        const one = turned(enlarged(rgb, { width, height }, whole));
        const other = enlarged(turned(rgb), { width, height }, whole);
        // A tie may be rounded either way, and once more where lines of such are added up.
        expect(one.every((level, at) => Math.abs(level - other[at]) <= 2)).toBe(true);
      }),
    );
  });

  it("makes one pixel a plain square", () => {
    const square = { width: 4, height: 4, crop: { left: 0, top: 0, width: 4, height: 4 } };
    expect([...enlarged(Uint8Array.of(12, 200, 77), { width: 1, height: 1 }, square)]).toEqual(
      Array(16).fill([12, 200, 77]).flat(),
    );
  });
});
