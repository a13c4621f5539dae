/** A copy of `rows` in an order that depends on `seed` alone: Fisher–Yates driven by mulberry32. */
export function seededShuffle<Row>(rows: readonly Row[], seed: number): Row[] {
  const shuffled = [...rows];
  let state = seed;
  for (let last = shuffled.length - 1; last > 0; last--) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const other = ((mixed ^ (mixed >>> 14)) >>> 0) % (last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other], shuffled[last]];
  }
  return shuffled;
}
