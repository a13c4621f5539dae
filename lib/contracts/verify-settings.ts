import { z } from "zod";

/** How the programs of a run are judged; null where nobody judges them. */
export const VerifySettings = z.strictObject({
  rows: z.int(),
  by: z.enum(["model", "gold"]),
  model: z.string(),
  margin: z.number(),
  seed: z.int(),
  /** The task's cap: with another one more rows may be compared. */
  usd: z.number(),
});
export type VerifySettings = z.infer<typeof VerifySettings>;

/** Which rows a model labels in the programs' place, and for how much; null where none. */
export const ResidualSettings = z.strictObject({
  model: z.string(),
  usd: z.number(),
  below: z.number(),
  seed: z.int(),
});
export type ResidualSettings = z.infer<typeof ResidualSettings>;
