import { hashOfJson } from "../contracts/hash.ts";
import type { ProgramId } from "../contracts/names.ts";
import type {
  AdmittedProgram,
  ModelCall,
  ProgramOrigin,
  ProgramSet,
  RejectedProgram,
} from "../contracts/objects.ts";
import type { ProgramLanguage } from "../contracts/program-language.ts";
import { programHash } from "./screen.ts";

/** A program that wants to join; `reason` where screening says that it cannot. */
export interface Candidate {
  id: ProgramId;
  language: ProgramLanguage;
  source: string;
  origin: ProgramOrigin;
  reason?: string;
}

/** The set of all candidates that can join, in their order; an exact copy of an earlier one is no second voter. */
export function programSetOf(
  candidates: readonly Candidate[],
  classes: readonly string[],
  calls: ModelCall[],
): ProgramSet {
  const programs: AdmittedProgram[] = [];
  const rejected: RejectedProgram[] = [];
  for (const { id, language, source, origin, ...screening } of candidates) {
    const original = programs.find((program) => program.source === source);
    const reason = screening.reason ?? (original && `it is an exact copy of ${original.id}`);
    if (reason !== undefined) rejected.push({ id, source, origin, reason });
    else programs.push({ id, hash: programHash(source, classes, language), language, source, origin });
  }
  // Receipts tell of rejected programs and of calls too: a set with others is another.
  const hash = hashOfJson([
    programs.map(({ id, hash: ofProgram }) => [id, ofProgram]),
    rejected.map(({ id, source, reason }) => [id, source, reason]),
    calls.map(({ request }) => request),
  ]);
  return { hash, programs, rejected, calls };
}
