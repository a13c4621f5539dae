import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodePicture } from "../../../lib/adapters/onnx/decode-picture.ts";
import { plainPicture } from "../../support/pictures.ts";

const SIZE = 224;

/** The colour that a decoded picture shows at a place, 0 … 255 a channel, rounded to tens. */
const colourAt = (pixels: Uint8Array, x: number, y: number) =>
  [0, 1, 2].map((channel) => Math.round(pixels[(y * SIZE + x) * 3 + channel] / 10) * 10);

const RED = [250, 0, 0];
const BLUE = [0, 0, 250];
/** 255 in tens. */
const WHITE = [260, 260, 260];

/** Red above blue, as it is stored. */
const redAboveBlue = async (width = 100, height = 100) =>
  sharp({ create: { width, height, channels: 3, background: { r: 251, g: 0, b: 0 } } }).composite([
    {
      input: { create: { width, height: height / 2, channels: 3, background: { r: 0, g: 0, b: 251 } } },
      gravity: "south",
    },
  ]);

describe("decoding a picture", () => {
  it.each(["png", "jpeg", "webp", "gif", "tiff", "avif"] as const)("reads %s", async (format) => {
    const values = await decodePicture(
      await plainPicture({ r: 251, g: 0, b: 0 }, { format, width: 60, height: 40 }),
      SIZE,
    );
    expect(values.length).toBe(3 * SIZE * SIZE);
    const [red, green, blue] = colourAt(values, 112, 112);
    expect([Math.abs(red - 250) <= 10, green <= 20, blue <= 20]).toEqual([true, true, true]);
  });

  it.each([
    ["as it is stored", 1, RED, BLUE],
    ["upside down", 3, BLUE, RED],
    ["mirrored upside down", 4, BLUE, RED],
  ])("turns it upright by its orientation: %s", async (_what, orientation, top, bottom) => {
    const picture = await (await redAboveBlue()).png().withMetadata({ orientation }).toBuffer();
    const values = await decodePicture(picture, SIZE);
    expect([colourAt(values, 112, 20), colourAt(values, 112, 200)]).toEqual([top, bottom]);
  });

  it.each([
    ["a quarter to the right", 6, BLUE, RED],
    ["a quarter to the left", 8, RED, BLUE],
    ["on its side, mirrored", 5, RED, BLUE],
    ["on its other side, mirrored", 7, BLUE, RED],
  ])("turns it upright by its orientation: %s", async (_what, orientation, left, right) => {
    const picture = await (await redAboveBlue()).png().withMetadata({ orientation }).toBuffer();
    const values = await decodePicture(picture, SIZE);
    expect([colourAt(values, 20, 112), colourAt(values, 200, 112)]).toEqual([left, right]);
  });

  it("agrees with turning it first, for every orientation", async () => {
    // Brighter to the right, and to the bottom more so: no two ways of turning it look the same.
    const side = 112;
    const slope = Buffer.from(
      Array.from({ length: side * side * 3 }, (_, at) => {
        const pixel = Math.floor(at / 3);
        return Math.floor((pixel % side) * 0.5 + Math.floor(pixel / side) * 1.5);
      }),
    );
    const stored = sharp(slope, { raw: { width: side, height: side, channels: 3 } });
    for (let orientation = 1; orientation <= 8; orientation++) {
      const tagged = await stored.clone().png().withMetadata({ orientation }).toBuffer();
      const upright = await sharp(tagged).autoOrient().png().toBuffer();
      const [one, other] = await Promise.all([decodePicture(tagged, SIZE), decodePicture(upright, SIZE)]);
      const sum = one.reduce((total, level, at) => total + Math.abs(level - other[at]), 0);
      expect([orientation, sum / one.length < 1]).toEqual([orientation, true]);
    }
  });

  it("shows what is transparent on white", async () => {
    const clear = await plainPicture({ r: 200, g: 0, b: 0, alpha: 0 });
    expect(colourAt(await decodePicture(clear, SIZE), 112, 112)).toEqual(WHITE);
  });

  it("gives grey three equal channels", async () => {
    const grey = await sharp({ create: { width: 40, height: 30, channels: 3, background: "#808080" } })
      .greyscale()
      .png()
      .toBuffer();
    expect(colourAt(await decodePicture(grey, SIZE), 50, 50)).toEqual([130, 130, 130]);
  });

  it("leaves a screen's colours as they are stored, whatever profile goes with them", async () => {
    const stored = await sharp({ create: { width: 40, height: 30, channels: 3, background: "#c86432" } })
      .withIccProfile("p3")
      .png()
      .toBuffer();
    const plain = await sharp(stored, { ignoreIcc: true }).raw().toBuffer();
    const levels = await decodePicture(stored, SIZE);
    expect([...levels.subarray(0, 3)]).toEqual([...plain.subarray(0, 3)]);
    expect([...plain.subarray(0, 3)]).not.toEqual([0xc8, 0x64, 0x32]);
  });

  it("turns printers' colours into a screen's", async () => {
    const cmyk = await sharp({ create: { width: 40, height: 30, channels: 3, background: "red" } })
      .toColourspace("cmyk")
      .jpeg()
      .toBuffer();
    const [red, green, blue] = colourAt(await decodePicture(cmyk, SIZE), 50, 50);
    expect([red > 180, green < 90, blue < 90]).toEqual([true, true, true]);
  });

  it("reads sixteen bits a channel", async () => {
    const deep = await sharp({ create: { width: 40, height: 30, channels: 3, background: "#ff8000" } })
      .toColourspace("rgb16")
      .png()
      .toBuffer();
    expect(colourAt(await decodePicture(deep, SIZE), 50, 50)).toEqual([260, 130, 0]);
  });

  it.each([
    [1, 1],
    [1, 3_000],
    [3_000, 1],
    [223, 225],
  ])("reads %i × %i pixels", async (width, height) => {
    const picture = await plainPicture({ r: 251, g: 0, b: 0 }, { width, height });
    expect(colourAt(await decodePicture(picture, SIZE), 112, 112)).toEqual(RED);
  });

  it.each([
    ["smaller than the square", 40, 60],
    ["larger than the square", 500, 333],
  ])("shows a picture as far left as right, and as high as low: %s", async (_what, width, height) => {
    const noise = Buffer.from(Array.from({ length: width * height * 3 }, (_, at) => (at * 7919) % 251));
    const picture = sharp(noise, { raw: { width, height, channels: 3 } });
    const turned = picture.clone().flip().flop();
    const [one, other] = await Promise.all(
      [picture, turned].map(async (each) => decodePicture(await each.png().toBuffer(), SIZE)),
    );
    const pixels = SIZE * SIZE;
    let differences = 0;
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < 3; channel++) {
        differences += Math.abs(one[pixel * 3 + channel] - other[(pixels - 1 - pixel) * 3 + channel]);
      }
    }
    expect(differences / one.length).toBeLessThan(1);
  });

  it("takes the first frame of many", async () => {
    const frames = await Promise.all(
      ["#fb0000", "#0000fb"].map((colour) => plainPicture(colour, { width: 20, height: 20 })),
    );
    const film = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect(colourAt(await decodePicture(film, SIZE), 112, 112)).toEqual(RED);
  });

  it.each([
    ["small", "jpeg", 100],
    ["small", "png", 100],
    ["large", "jpeg", 500],
    ["large", "png", 500],
  ] as const)("says so where a %s %s ends too early", async (_what, format, side) => {
    const noise = Buffer.from(Array.from({ length: side * side * 3 }, (_, at) => (at * 7919) % 251));
    const whole = await sharp(noise, { raw: { width: side, height: side, channels: 3 } })
      .toFormat(format)
      .toBuffer();
    await expect(decodePicture(whole.subarray(0, whole.length / 2), SIZE)).rejects.toMatchObject({
      code: "unreadable-picture",
      reason: "unreadable",
      message: expect.stringContaining("it cannot be decoded: "),
    });
  });

  it("does not decode what would not fit", async () => {
    const huge = await sharp({ create: { width: 11_000, height: 11_000, channels: 3, background: "red" } })
      .png()
      .toBuffer();
    await expect(decodePicture(huge, SIZE)).rejects.toMatchObject({ reason: "too-many-pixels" });
  });
});
