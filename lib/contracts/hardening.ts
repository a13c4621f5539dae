import { z } from "zod";

/**
 * How much of V8 may run programs: all of it, no optimising compilers (`strict`), or no machine code made at run time at
 * all (`paranoid`). Votes are the same; docs/security.md argues the default.
 */
export const Hardening = z.enum(["standard", "strict", "paranoid"]);
export type Hardening = z.infer<typeof Hardening>;

/** The stricter of two levels: what a deployment demands holds whatever a task asks for. */
export const stricter = (one: Hardening, other: Hardening): Hardening =>
  Hardening.options[Math.max(Hardening.options.indexOf(one), Hardening.options.indexOf(other))];
