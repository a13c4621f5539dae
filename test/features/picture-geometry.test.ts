import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { geometryOf } from "../../lib/features/picture-geometry.ts";

describe("how a picture becomes a square", () => {
  it.each([
    // 224 × 500 ∕ 333 = 336.3: truncated; 112 ∕ 2 = 56.
    {
      picture: [500, 333],
      expected: { width: 336, height: 224, crop: { left: 56, top: 0, width: 224, height: 224 } },
    },
    // (225 − 224) ∕ 2 = 0.5 goes to the even number, as does (227 − 224) ∕ 2 = 1.5.
    {
      picture: [224, 225],
      expected: { width: 224, height: 225, crop: { left: 0, top: 0, width: 224, height: 224 } },
    },
    {
      picture: [227, 224],
      expected: { width: 227, height: 224, crop: { left: 2, top: 0, width: 224, height: 224 } },
    },
    {
      picture: [1, 101],
      expected: {
        cut: { left: 0, top: 46, width: 1, height: 8 },
        width: 224,
        height: 1_792,
        crop: { left: 0, top: 784, width: 224, height: 224 },
      },
    },
  ])("is the middle of the shorter side's length: $picture", ({ picture: [width, height], expected }) => {
    expect(geometryOf(width, height, 224)).toEqual(expected);
  });

  it("never leaves the picture, and never makes it large", () => {
    const side = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const { cut = { left: 0, top: 0, width, height }, crop, ...to } = geometryOf(width, height, 224);
        expect(
          cut.left >= 0 && cut.top >= 0 && cut.left + cut.width <= width && cut.top + cut.height <= height,
        ).toBe(true);
        expect(
          crop.left >= 0 && crop.left + 224 <= to.width && crop.top >= 0 && crop.top + 224 <= to.height,
        ).toBe(true);
        expect(to.width * to.height).toBeLessThanOrEqual(224 * 224 * 8);
      }),
    );
  });
});
