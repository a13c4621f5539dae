import type { VoteCells } from "./vote-cells.ts";

/**
 * How often votes of different programs meet, over the cells that have a vote at all: the one statistic that
 * Snorkel's model sees. Symmetric and sparse; pairs within one program are left out.
 */
export interface PairCounts {
  /** [used] the cell behind each row and column, ascending. */
  used: Int32Array;
  /** [used + 1] where each row's entries begin. */
  starts: Int32Array;
  /** Columns of the entries, as places in `used`. */
  columns: Int32Array;
  /** Rows of data on which both cells are voted. */
  counts: Float64Array;
}

/** Adds up all pairs in one pass over the patterns; memory is used² numbers while it works. */
export function pairCounts({ classes, counts, starts, cells, totals }: VoteCells): PairCounts {
  const used = Int32Array.from([...totals.keys()].filter((cell) => totals[cell] > 0));
  const placeOf = new Int32Array(totals.length);
  for (let place = 0; place < used.length; place++) placeOf[used[place]] = place;
  const size = used.length;
  const dense = new Float64Array(size * size);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const count = counts[pattern];
    for (let one = starts[pattern]; one < starts[pattern + 1]; one++) {
      const row = placeOf[cells[one]] * size;
      for (let other = starts[pattern]; other < starts[pattern + 1]; other++) {
        if (other !== one) dense[row + placeOf[cells[other]]] += count;
      }
    }
  }
  let entries = 0;
  for (let at = 0; at < dense.length; at++) if (dense[at] > 0) entries += 1;
  const result = {
    used,
    starts: new Int32Array(size + 1),
    columns: new Int32Array(entries),
    counts: new Float64Array(entries),
  };
  let next = 0;
  for (let row = 0; row < size; row++) {
    result.starts[row] = next;
    for (let column = 0; column < size; column++) {
      const count = dense[row * size + column];
      // A program's two votes never meet, so `count` is of two programs wherever it is above zero.
      if (count === 0 || Math.floor(used[row] / classes) === Math.floor(used[column] / classes)) continue;
      result.columns[next] = column;
      result.counts[next] = count;
      next += 1;
    }
  }
  result.starts[size] = next;
  return result;
}
