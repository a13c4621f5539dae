/**
 * Turns and mirrors a square as EXIF says that it is to be shown.
 *
 * @param rgb [size × size × 3]
 * @param orientation 1 … 8; 1 and what is none leave it as it is
 */
export function upright(rgb: Uint8Array, size: number, orientation = 1): Uint8Array {
  if (!(orientation > 1 && orientation <= 8)) return rgb;
  const last = size - 1;
  // Where the pixel at the left of the top stands, and how far its neighbours are: no pixel is then asked for one by one.
  const [left, top] = sourceOf(orientation, 0, 0, last);
  const [rightX, rightY] = sourceOf(orientation, 1, 0, last);
  const [downX, downY] = sourceOf(orientation, 0, 1, last);
  const origin = top * size + left;
  const across = rightY * size + rightX - origin;
  const down = downY * size + downX - origin;
  const turned = new Uint8Array(rgb.length);
  let to = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++, to += 3) {
      const from = (origin + y * down + x * across) * 3;
      turned[to] = rgb[from];
      turned[to + 1] = rgb[from + 1];
      turned[to + 2] = rgb[from + 2];
    }
  }
  return turned;
}

/** Which stored pixel of a square is shown at x, y: "Orientation" in the EXIF standard. */
function sourceOf(orientation: number, x: number, y: number, last: number): [x: number, y: number] {
  switch (orientation) {
    case 2:
      return [last - x, y];
    case 3:
      return [last - x, last - y];
    case 4:
      return [x, last - y];
    case 5:
      return [y, x];
    case 6:
      return [y, last - x];
    case 7:
      return [last - y, last - x];
    case 8:
      return [last - y, x];
    default:
      return [x, y];
  }
}
