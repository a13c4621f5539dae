import { z } from "zod";
import { FileName, Hash } from "./names.ts";

/** shown-rows.json: the rows that a task's prompts show, drawn once, so that other data asks for no other programs. */
export const ShownRows = z.strictObject({
  /** What they were drawn for: how many, by which seed, of which columns. */
  drawnFor: Hash,
  file: FileName,
  rows: z.array(z.record(z.string(), z.unknown())).min(1),
});
export type ShownRows = z.infer<typeof ShownRows>;
