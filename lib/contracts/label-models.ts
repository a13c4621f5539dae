import { z } from "zod";
import { InvalidInputError } from "../errors.ts";

/** The label models there are; docs/label-models.md says which does what. */
export const LabelModelName = z.enum([
  "auto",
  "majority",
  "weighted",
  "dawid-skene",
  "dawid-skene-plain",
  "dawid-skene-ignoring",
  "ibcc",
  "snorkel",
  "triplet",
]);
export type LabelModelName = z.infer<typeof LabelModelName>;

/** Programs × classes beyond which all pairs of votes take `snorkel` too long and too much memory. */
const MOST_SNORKEL_CELLS = 4_096;

/** @throws InvalidInputError at `where` if the label model does not take so many programs and classes */
export function assertLabelModelFits(
  name: LabelModelName,
  programs: number,
  classes: number,
  where: string,
): void {
  if (name !== "snorkel" || programs * classes <= MOST_SNORKEL_CELLS) return;
  throw new InvalidInputError(
    where,
    `${JSON.stringify(name)} compares all pairs of votes, of ${MOST_SNORKEL_CELLS.toLocaleString("en")} programs × classes at most; here are ${programs} × ${classes}. Take auto, or fewer programs.`,
  );
}
