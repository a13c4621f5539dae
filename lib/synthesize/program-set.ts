import { hashOfJson } from "../contracts/hash.ts";
import type { Hash, ProgramId } from "../contracts/names.ts";
import type {
  AdmittedProgram,
  ModelCall,
  ProgramOrigin,
  ProgramSet,
  RejectedProgram,
} from "../contracts/objects.ts";
import { programHash } from "./screen.ts";

/** A program that wants to join; `reason` where screening says that it cannot. */
export interface Candidate {
  id: ProgramId;
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
  for (const { id, source, origin, ...screening } of candidates) {
    const original = programs.find((program) => program.source === source);
    const reason = screening.reason ?? (original && `it is an exact copy of ${original.id}`);
    if (reason !== undefined) rejected.push({ id, source, origin, reason });
    else programs.push({ id, hash: programHash(source, classes), language: "javascript", source, origin });
  }
  return { hash: programSetHash({ programs, rejected, calls }), programs, rejected, calls };
}

/** A set's address. Receipts tell of rejected programs and of calls too: a set with others is another. */
export const programSetHash = ({ programs, rejected, calls }: Omit<ProgramSet, "hash">): Hash =>
  hashOfJson([
    programs.map(({ id, hash }) => [id, hash]),
    rejected.map(({ id, source, reason }) => [id, source, reason]),
    calls.map(({ request }) => request),
  ]);
