import { type Column, packColumns, unpackColumns } from "../contracts/columns.ts";
import { tokensOf } from "../python/tokens.ts";

/** Rows made of what a program itself looks for, at most. */
const MOST_ROWS = 600;

/**
 * The probe rows, and rows of the words and numbers that a Python program names, alone and together: most probe rows say
 * nothing to most programs, and two that abstain everywhere agree on nothing.
 */
export function translationRows(source: string, probes: Uint8Array): { columns: Uint8Array; rows: number } {
  const { rows, columns } = unpackColumns(probes);
  const found = literalsOf(source);
  const texts = [
    ...found,
    ...found.map((text, index) => `${text} and ${found[(index * 7 + 3) % found.length]}!`),
  ];
  const numbers = tokensOf(source)
    .filter(({ kind, text }) => kind === "number" && Number.isFinite(Number(text)))
    .flatMap(({ text }) => [Number(text), Number(text) + 0.5, Number(text) - 1]);
  const values = [...new Set([...numbers, ...texts])];
  const more = Math.min(
    MOST_ROWS,
    columns.some(({ kind }) => kind === "text") ? texts.length : 3 * values.length,
  );
  const extended = columns.map((column, at): Column => {
    if (column.kind === "number") return column;
    // Columns go through the same values at different speeds, so that they meet in many ways.
    const added = Array.from({ length: more }, (_, row) =>
      column.kind === "text" ? texts[row] : JSON.stringify(values[(row * (2 * at + 1) + at) % values.length]),
    );
    return { ...column, values: [...column.values, ...added] };
  });
  return { columns: packColumns(extended, rows + more), rows: rows + more };
}

/** What stands in a program's strings, with the alternatives of patterns and the words of lists apart. */
function literalsOf(source: string): string[] {
  const literals = tokensOf(source)
    .filter(({ kind }) => kind === "string")
    .map(({ text }) => text.replace(/^\w*("""|'''|"|')|("""|'''|"|')$/g, ""));
  const parts = literals.flatMap((text) => [
    text,
    ...text.split(/[|()\s,]+/),
    text.replace(/\\[bwsdWSDB]|[?:()[\]{}^$*+|]/g, " "),
  ]);
  return [...new Set(parts)].filter((text) => text !== "");
}
