import { type Column, packColumns } from "../../../lib/contracts/columns.ts";
import { hashOf } from "../../../lib/contracts/hash.ts";
import { ProgramId } from "../../../lib/contracts/names.ts";
import type { ProgramFaults, ProgramRunner } from "../../../lib/ports.ts";

type Job = Parameters<ProgramRunner["run"]>[0];

/** Programs over columns, as a job for the runner; those that define a function with `def` are Python. */
export function jobOf(
  sources: readonly string[],
  columns: readonly Column[],
  classes = ["spam", "ham"],
): Job {
  return {
    classes,
    programs: sources.map((source, index) => ({
      id: ProgramId.parse(`p${index}`),
      hash: hashOf(source),
      language: /^def /m.test(source) ? "python" : "javascript",
      source,
    })),
    columns: packColumns(columns, columns[0].values.length),
  };
}

export const texts = (...values: string[]): Column[] => [{ name: "text", kind: "text", values }];

/** Rows of all kinds: plain, accented, emoji, empty, long. */
export const mixedTexts = (rows: number): Column[] =>
  texts(
    ...Array.from({ length: rows }, (_, row) =>
      ["win cash now", "réunion à 10 h", "🙂 lunch?", "", "free ".repeat(row % 50)][row % 5].concat(
        ` ${row}`,
      ),
    ),
  );

export const faults = (given: Partial<ProgramFaults> = {}): ProgramFaults => ({
  error: 0,
  badReturn: 0,
  timeout: 0,
  killed: 0,
  compile: 0,
  ...given,
});

/** Programs over texts as people and models write them. */
export const TEXT_PROGRAMS = [
  `function label(row) { return /cash|free/.test(row.text) ? "spam" : row.text.includes("🙂") ? "ham" : null; }`,
  `const label = ({ text }) => (text.length % 3 === 0 ? "ham" : text.normalize("NFD").length > 20 ? "spam" : undefined);`,
  `"use strict"; const W = new Set(["cash", "lunch?"]); let label = function (row) { for (const w of row.text.split(" ")) if (W.has(w)) return "spam"; return null; };`,
  `function label(row) { f = row.text.charCodeAt(0); return f > 110 ? "ham" : null; } // an implicit global`,
];
