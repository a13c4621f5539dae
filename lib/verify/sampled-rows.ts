import { hashOfJson } from "../contracts/hash.ts";

/** Where a row stands: its shard, and its place there. */
export interface Position {
  shard: number;
  row: number;
}

/**
 * Rows of a source drawn at random, none twice: the first `count` of a permutation that the seed decides (Fisher and
 * Yates 1938, of which only the drawn places are kept). A larger sample begins with the smaller one.
 *
 * @returns in the order in which they were drawn; all rows where there are no more
 */
export function sampledRows(
  { shards }: { shards: readonly { rows: number }[] },
  count: number,
  seed: number,
): Position[] {
  const rows = shards.reduce((sum, shard) => sum + shard.rows, 0);
  const moved = new Map<number, number>();
  const drawn: number[] = [];
  for (let at = 0; at < Math.min(count, rows); at++) {
    const from = at + Math.floor(uniform(seed, at) * (rows - at));
    drawn.push(moved.get(from) ?? from);
    moved.set(from, moved.get(at) ?? at);
  }
  const starts: number[] = [];
  let start = 0;
  for (const shard of shards) {
    starts.push(start);
    start += shard.rows;
  }
  return drawn.map((index) => {
    const shard = lastNotAbove(starts, index);
    return { shard, row: index - starts[shard] };
  });
}

/** A number in [0, 1) of 48 bits, the same for the same seed and place on every machine. */
const uniform = (seed: number, at: number): number =>
  Number.parseInt(hashOfJson(["sample", seed, at]).slice(0, 12), 16) / 2 ** 48;

/** Index of the last start that is not above `index`. */
function lastNotAbove(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle] <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}
