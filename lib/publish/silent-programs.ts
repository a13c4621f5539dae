import type { Warning } from "../contracts/objects.ts";

/** With fewer rows it is no wonder that a program has nothing to say. */
const LEAST_ROWS = 100;

/** Warns of programs that never vote: one that reads a column by a wrong name finds nothing, and fails on nothing. */
export function silentPrograms(silent: readonly { id: string }[], rows: number): Warning[] {
  if (rows < LEAST_ROWS || silent.length === 0) return [];
  return [
    {
      code: "program-silent",
      message: `Programs that vote on none of the ${rows} rows: ${silent.map(({ id }) => JSON.stringify(id)).join(", ")}.`,
      remedy: "Read them: they may look for a column that is spelled otherwise, or for what no row has.",
    },
  ];
}
