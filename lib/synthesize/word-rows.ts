import { type Column, packColumns, unpackColumns } from "../contracts/columns.ts";
import type { ProgramLanguage } from "../contracts/program-language.ts";
import { tokensOf } from "../python/tokens.ts";
import { parseScript } from "./program-syntax.ts";
import { visits } from "./syntax-nodes.ts";

/** Rows made of what programs themselves look for, at most. */
const MOST_ROWS = 600;

/** What programs look for: words and numbers that they name. */
export interface Named {
  texts: string[];
  numbers: number[];
}

/**
 * The probe rows, and rows of given words and numbers, alone and together: most probe rows say nothing to most programs, and
 * two that abstain everywhere agree on nothing.
 */
export function wordRows(
  { texts: found, numbers }: Named,
  probes: Uint8Array,
): { columns: Uint8Array; rows: number } {
  const { rows, columns } = unpackColumns(probes);
  const texts = [
    ...found,
    ...found.map((text, index) => `${text} and ${found[(index * 7 + 3) % found.length]}!`),
  ];
  const values = [...new Set([...numbers.flatMap((one) => [one, one + 0.5, one - 1]), ...texts])];
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

/** The words and numbers that a program names, with the alternatives of patterns and the words of lists apart. */
export function namedIn(source: string, language: ProgramLanguage): Named {
  const { literals, numbers } = language === "python" ? pythonLiterals(source) : scriptLiterals(source);
  const parts = literals.flatMap((text) => [
    text,
    ...text.split(/[|()\s,]+/),
    text.replace(/\\[bwsdWSDB]|[?:()[\]{}^$*+|]/g, " "),
  ]);
  return { texts: [...new Set(parts)].filter((text) => text !== ""), numbers };
}

function pythonLiterals(source: string): { literals: string[]; numbers: number[] } {
  const tokens = tokensOf(source);
  return {
    literals: tokens
      .filter(({ kind }) => kind === "string")
      .map(({ text }) => text.replace(/^\w*("""|'''|"|')|("""|'''|"|')$/g, "")),
    numbers: tokens
      .filter(({ kind, text }) => kind === "number" && Number.isFinite(Number(text)))
      .map(({ text }) => Number(text)),
  };
}

function scriptLiterals(source: string): { literals: string[]; numbers: number[] } {
  const literals: string[] = [];
  const numbers: number[] = [];
  const program = parseScript(source);
  if (typeof program === "string") return { literals, numbers };
  for (const { node } of visits(program)) {
    if (node.type === "TemplateElement") literals.push(node.value.raw);
    if (node.type !== "Literal") continue;
    if (node.regex) literals.push(node.regex.pattern);
    else if (typeof node.value === "string") literals.push(node.value);
    else if (typeof node.value === "number") numbers.push(node.value);
  }
  return { literals, numbers };
}
