import { z } from "zod";
import { FileName, Hash, ProgramId } from "./names.ts";
import { ProgramLanguage } from "./program-language.ts";

/** Where a program comes from: the model, or a file of the user's. */
export const ProgramOrigin = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("model"), strategy: z.string(), replies: z.array(Hash) }),
  z.strictObject({ kind: z.literal("file"), file: FileName }),
]);
export type ProgramOrigin = z.infer<typeof ProgramOrigin>;

/** A program that joined the set. `hash` covers all that its votes depend on besides the rows. */
export const AdmittedProgram = z.strictObject({
  id: ProgramId,
  hash: Hash,
  language: ProgramLanguage,
  source: z.string(),
  origin: ProgramOrigin,
  /** What `source` was translated from, and votes as; or why the program runs as it was written. */
  translation: z
    .union([
      z.strictObject({ from: z.strictObject({ language: ProgramLanguage, hash: Hash, source: z.string() }) }),
      z.strictObject({ reason: z.string() }),
    ])
    .optional(),
});
export type AdmittedProgram = z.infer<typeof AdmittedProgram>;

/** A program that did not, and why. */
export const RejectedProgram = z.strictObject({
  id: ProgramId,
  source: z.string(),
  origin: ProgramOrigin,
  reason: z.string(),
});
export type RejectedProgram = z.infer<typeof RejectedProgram>;
