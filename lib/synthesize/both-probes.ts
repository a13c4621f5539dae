import { type Column, packColumns, unpackColumns } from "../contracts/columns.ts";
import type { Concept } from "../contracts/concepts.ts";
import { imageProbes } from "./image-probes.ts";
import { pixelProbes } from "./pixel-probes.ts";

/** Rows of scores with a picture beside each: all that either kind of program must bear, the fewer over and over. */
export function bothProbes(concepts: readonly Concept[]): { columns: Uint8Array; rows: number } {
  const kinds = [imageProbes(concepts), pixelProbes()];
  const rows = Math.max(...kinds.map((kind) => kind.rows));
  const columns = kinds.flatMap((kind) => {
    const [{ name, values }] = unpackColumns(kind.columns).columns;
    const repeated = Array.from({ length: rows }, (_, row) => String(values[row % kind.rows]));
    return { name, kind: "json", values: repeated } satisfies Column;
  });
  return { columns: packColumns(columns, rows), rows };
}
