import { type Column, packColumns } from "../contracts/columns.ts";
import { PIXEL_SIDE, PIXELS } from "../contracts/pixels.ts";
import { mulberry32 } from "./image-probes.ts";

type Colour = readonly [red: number, green: number, blue: number];
/** The colour of each place of a picture; both from 0 to below 1. */
type Painting = (x: number, y: number) => Colour;

const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];
const COLOURS: readonly Colour[] = [
  WHITE,
  BLACK,
  [128, 128, 128],
  [220, 40, 40],
  [240, 150, 40],
  [250, 220, 60],
  [60, 160, 60],
  [70, 140, 220],
  [120, 60, 160],
  [140, 90, 50],
  [240, 180, 190],
];
/** Few: each is a millisecond or two of a program, and ten where it begins anew with each row. */
const RANDOM = 12;

/** Pictures that every program over pixels must bear: of one colour, a thing on a ground, halves, stripes, shades, noise, blots. */
export function pixelProbes(): { columns: Uint8Array; rows: number } {
  const random = mulberry32(7);
  const colour = (): Colour => COLOURS[Math.floor(random() * COLOURS.length)];
  const next = (index: number, by: number): Colour => COLOURS[(index + by) % COLOURS.length];
  const paintings: Painting[] = [
    ...COLOURS.map((one) => () => one),
    ...COLOURS.slice(3).map((one) => disc(0.5, 0.5, 0.35, 0.35, one, () => WHITE)),
    ...COLOURS.slice(3, 8).map((one, index) => disc(0.5, 0.6, 0.2, 0.3, one, () => next(index, 7))),
    ...COLOURS.slice(3, 8).map(
      (one, index): Painting =>
        (_x, y) =>
          y < 0.5 ? one : next(index, 6),
    ),
    ...COLOURS.slice(0, 2).map(
      (one, index): Painting =>
        (x) =>
          Math.floor(x * 8) % 2 === 0 ? one : next(index, 5),
    ),
    (x) => grey(x),
    (_x, y) => grey(y),
    (x, y) => ((Math.floor(x * 8) + Math.floor(y * 8)) % 2 === 0 ? WHITE : BLACK),
    () => [random() * 256, random() * 256, random() * 256],
    () => grey(random()),
    ...Array.from({ length: RANDOM }, (_, index) => {
      const ground = colour();
      let painting: Painting = () => ground;
      for (let blots = 1 + (index % 4); blots > 0; blots--) {
        painting = disc(random(), random(), 0.1 + 0.3 * random(), 0.1 + 0.3 * random(), colour(), painting);
      }
      return painting;
    }),
  ];
  const columns: Column[] = [{ name: PIXELS, kind: "json", values: paintings.map(painted) }];
  return { columns: packColumns(columns, paintings.length), rows: paintings.length };
}

const grey = (share: number): Colour => [255 * share, 255 * share, 255 * share];

const disc =
  (atX: number, atY: number, wide: number, high: number, colour: Colour, ground: Painting): Painting =>
  (x, y) =>
    ((x - atX) / wide) ** 2 + ((y - atY) / high) ** 2 <= 1 ? colour : ground(x, y);

function painted(painting: Painting): string {
  const places = Array.from({ length: PIXEL_SIDE }, (_, at) => at / PIXEL_SIDE);
  return JSON.stringify(places.map((y) => places.map((x) => painting(x, y).map(Math.floor))));
}
