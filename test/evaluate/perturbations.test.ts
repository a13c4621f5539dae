import { expect, it } from "vitest";
import { PERTURBATIONS } from "../../lib/evaluate/perturbations.ts";

const SIDE = 20;

/** A picture of a level 0 … 255 for each channel and place. */
const pictureOf = (levelAt: (channel: number, x: number) => number): Uint8Array =>
  Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, at) => levelAt(at % 3, Math.floor(at / 3) % SIDE));

const levelsOf = (pixels: Uint8Array, channel: number, y: number): number[] =>
  Array.from({ length: SIDE }, (_, x) => pixels[(y * SIDE + x) * 3 + channel]);

const slope = pictureOf((_, x) => 12 * x);
const stripes = pictureOf((_, x) => 200 * (x % 2));

it("mirrors left and right", () => {
  const mirrored = PERTURBATIONS.mirrored(slope);
  expect(levelsOf(mirrored, 1, 7)).toEqual(levelsOf(slope, 1, 7).reverse());
  expect(PERTURBATIONS.mirrored(mirrored)).toEqual(slope);
});

it("makes light warmer, and nothing brighter than white", () => {
  const warm = PERTURBATIONS["colour cast"](pictureOf((_, x) => (x === 0 ? 255 : 100)));
  expect([0, 1, 2].map((channel) => levelsOf(warm, channel, 0).slice(0, 2))).toEqual([
    [255, 115],
    [255, 100],
    [204, 80],
  ]);
});

it("enlarges the middle, and leaves out what is around it", () => {
  const levels = levelsOf(PERTURBATIONS["background cropped"](slope), 0, 10);
  // 0.15 and 0.85 of the way from 0 to 228.
  expect([levels[0], levels[SIDE - 1]]).toEqual([34, 194]);
});

it("blurs what is far from the middle, and nothing near it", () => {
  const levels = levelsOf(PERTURBATIONS["surroundings blurred"](stripes), 0, 10);
  expect(levels.slice(7, 13)).toEqual([200, 0, 200, 0, 200, 0]);
  expect(levels.slice(0, 3).every((level) => level > 60 && level < 140)).toBe(true);
});

it.each(Object.entries(PERTURBATIONS))("leaves the picture it is given as it is: %s", (_name, perturb) => {
  const before = Uint8Array.from(stripes);
  perturb(stripes);
  expect(stripes).toEqual(before);
});
