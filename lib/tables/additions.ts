import { InvalidInputError } from "../errors.ts";
import type { TableFormatName } from "./table-format.ts";

/** What publishing adds to a row, whatever the row is written as. */
export interface Addition {
  label: string | null;
  confidence: number | null;
  probabilities: Readonly<Record<string, number>>;
  votes: Readonly<Record<string, string | null>>;
  source: string;
}

/** The columns that a format adds: one object, or a cell each where a format has no objects. */
export const additionColumns = (
  format: TableFormatName,
  name: string,
  classes: readonly string[],
): string[] =>
  format === "csv" || format === "tsv"
    ? [name, `${name}_confidence`, `${name}_source`, ...classes.map((one) => `${name}_p_${one}`)]
    : [name];

/** @throws InvalidInputError where the input has a column that an addition would be written over */
export function assertNoClash(header: readonly string[], added: readonly string[], file: string): void {
  const taken = header.find((column) => added.includes(column));
  if (taken !== undefined) {
    throw new InvalidInputError(
      `data/${file}`,
      `this file has a column ${JSON.stringify(taken)} already, which the labels would be written over. Set output.name in task.yaml to another name, or rename the column.`,
    );
  }
}
