import { z } from "zod";
import { Hash, ProgramId } from "./names.ts";

/** What can become of a program. `proposed` and `screened` are steps on the way, and stand in its history only. */
export const ProgramState = z.enum([
  "proposed",
  "screened",
  "admitted",
  "rejected",
  "quarantined",
  "retired",
]);
export type ProgramState = z.infer<typeof ProgramState>;

const Step = z.strictObject({
  state: ProgramState,
  /** ISO date and time: of a reply where one brought the step about, else of the clock. */
  at: z.string(),
  reason: z.string().optional(),
});

export const RegisteredProgram = z.strictObject({
  id: ProgramId,
  state: ProgramState,
  /** Of every state but `admitted`. */
  reason: z.string().optional(),
  origin: z.union([
    z.strictObject({ kind: z.literal("model"), strategy: z.string() }),
    z.strictObject({ kind: z.literal("file"), file: z.string() }),
  ]),
  /** Of its text, as it was written. */
  source: Hash,
  /** The last set that it was judged for: its text stands in work/<task>/sets/<set>.json. */
  set: Hash,
  /** Labels of which its votes were left out, and why. */
  quarantine: z.record(z.string(), z.string()).optional(),
  history: z.array(Step),
});
export type RegisteredProgram = z.infer<typeof RegisteredProgram>;

/** registry.json: every program of a task, those of earlier sets too, and what became of each. */
export const Registry = z.strictObject({
  /** The set in force. */
  set: Hash,
  /** Its programs, and those that did not join it. */
  programs: z.array(RegisteredProgram),
  /** Programs of sets before, the latest first. */
  former: z.array(RegisteredProgram),
});
export type Registry = z.infer<typeof Registry>;
