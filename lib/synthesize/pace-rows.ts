import { type Column, packColumns, unpackColumns } from "../contracts/columns.ts";

/** So many that a program ten times slower than a run allows spends all it is given at the start, and more. */
const ROWS = 256;
/** Longer values are slow for their length. */
const SHORT = 1_000;

/** The short probe rows over and over: what tells how long a program takes for a usual row. */
export function paceRows(probes: Uint8Array): { columns: Uint8Array; rows: number } {
  const { rows, columns } = unpackColumns(probes);
  const all = [...Array(rows).keys()];
  const few = all.filter((row) => columns.every(({ values }) => String(values[row]).length <= SHORT));
  // Scores of pictures are long, and all alike.
  const short = few.length > 0 ? few : all;
  const places = Array.from({ length: ROWS }, (_, row) => short[row % short.length]);
  const repeated = columns.map(
    (column): Column =>
      column.kind === "number"
        ? { ...column, values: Float64Array.from(places, (row) => column.values[row]) }
        : { ...column, values: places.map((row) => column.values[row]) },
  );
  return { columns: packColumns(repeated, ROWS), rows: ROWS };
}
