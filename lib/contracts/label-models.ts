import { z } from "zod";

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
