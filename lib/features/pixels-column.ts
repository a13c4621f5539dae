import type { Column } from "../contracts/columns.ts";
import { PIXEL_SIDE, PIXELS } from "../contracts/pixels.ts";

const CHANNELS = 3;

/**
 * A square picture made smaller: each pixel the mean of those it stands for.
 *
 * @param rgb [side × side × 3], 0 … 255, the side a multiple of `to`
 * @returns [to × to × 3], rounded
 * @throws RangeError where the side is none
 */
export function shrunk(rgb: Uint8Array, to = PIXEL_SIDE): Uint8Array {
  const side = Math.sqrt(rgb.length / CHANNELS);
  const block = side / to;
  if (!Number.isInteger(block) || block < 1) throw new RangeError(`${side} is no multiple of ${to}`);
  const small = new Uint8Array(to * to * CHANNELS);
  for (let at = 0; at < small.length; at++) {
    const channel = at % CHANNELS;
    const x = ((at - channel) / CHANNELS) % to;
    const y = (at - channel - CHANNELS * x) / (CHANNELS * to);
    let sum = 0;
    for (let line = y * block; line < (y + 1) * block; line++) {
      const start = (line * side + x * block) * CHANNELS + channel;
      for (let step = 0; step < block; step++) sum += rgb[start + step * CHANNELS];
    }
    small[at] = Math.round(sum / block ** 2);
  }
  return small;
}

/**
 * The one column that programs see where they see pixels: by picture JSON of [y][x][red, green, blue].
 *
 * @param pictures [side × side × 3] each, whole numbers 0 … 255
 */
export const pixelsColumn = (pictures: readonly ArrayLike<number>[]): Column => ({
  name: PIXELS,
  kind: "json",
  values: pictures.map(linesOf),
});

function linesOf(levels: ArrayLike<number>): string {
  const lines: string[] = [];
  for (let y = 0, at = 0; y < PIXEL_SIDE; y++) {
    const pixels: string[] = [];
    for (let x = 0; x < PIXEL_SIDE; x++, at += CHANNELS) {
      pixels.push(`[${levels[at]},${levels[at + 1]},${levels[at + 2]}]`);
    }
    lines.push(`[${pixels.join(",")}]`);
  }
  return `[${lines.join(",")}]`;
}
