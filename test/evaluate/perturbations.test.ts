import { expect, it } from "vitest";
import { PERTURBATIONS } from "../../lib/evaluate/perturbations.ts";
import { DEVIATION, MEAN } from "../../lib/features/picture-geometry.ts";

const SIDE = 20;

/** A picture of a level 0 … 1 for each channel and place, normalised. */
const pictureOf = (levelAt: (channel: number, x: number, y: number) => number): Float32Array =>
  Float32Array.from({ length: 3 * SIDE * SIDE }, (_, at) => {
    const channel = Math.floor(at / SIDE ** 2);
    const place = at % SIDE ** 2;
    const level = levelAt(channel, place % SIDE, Math.floor(place / SIDE));
    return (level - MEAN[channel]) / DEVIATION[channel];
  });

const levelsOf = (pixels: Float32Array, channel: number, y: number): number[] =>
  Array.from({ length: SIDE }, (_, x) => {
    const level = pixels[channel * SIDE ** 2 + y * SIDE + x] * DEVIATION[channel] + MEAN[channel];
    return Math.round(level * 1e3) / 1e3 + 0;
  });

const slope = pictureOf((_, x) => x / (SIDE - 1));
const stripes = pictureOf((_, x) => x % 2);

it("mirrors left and right", () => {
  const mirrored = PERTURBATIONS.mirrored(slope);
  expect(levelsOf(mirrored, 1, 7)).toEqual(levelsOf(slope, 1, 7).reverse());
  expect(PERTURBATIONS.mirrored(mirrored)).toEqual(slope);
});

it("makes light warmer, and nothing brighter than white", () => {
  const warm = PERTURBATIONS["colour cast"](pictureOf((_, x) => (x === 0 ? 1 : 0.5)));
  expect([0, 1, 2].map((channel) => levelsOf(warm, channel, 0).slice(0, 2))).toEqual([
    [1, 0.575],
    [1, 0.5],
    [0.8, 0.4],
  ]);
});

it("enlarges the middle, and leaves out what is around it", () => {
  const levels = levelsOf(PERTURBATIONS["background cropped"](slope), 0, 10);
  expect([levels[0], levels[SIDE - 1]]).toEqual([0.15, 0.85]);
});

it("blurs what is far from the middle, and nothing near it", () => {
  const levels = levelsOf(PERTURBATIONS["surroundings blurred"](stripes), 0, 10);
  expect(levels.slice(7, 13)).toEqual([1, 0, 1, 0, 1, 0]);
  expect(levels.slice(0, 3).every((level) => level > 0.3 && level < 0.7)).toBe(true);
});

it.each(Object.entries(PERTURBATIONS))("leaves the picture it is given as it is: %s", (_name, perturb) => {
  const before = Float32Array.from(stripes);
  perturb(stripes);
  expect(stripes).toEqual(before);
});
