import { hashOfJson } from "../contracts/hash.ts";
import type { Hash, ProgramId } from "../contracts/names.ts";
import type { ModelCall, ProgramSet } from "../contracts/objects.ts";
import type { ProgramLanguage } from "../contracts/program-language.ts";
import type { AdmittedProgram, ProgramOrigin, RejectedProgram } from "../contracts/programs.ts";
import type { StrategyChoice } from "../contracts/strategy-choice.ts";
import { writtenSource } from "../program-registry.ts";
import { programHash } from "./screen.ts";
import type { Translation } from "./translate-programs.ts";

/** A program that wants to join; `reason` where screening says that it cannot. */
export interface Candidate {
  id: ProgramId;
  language: ProgramLanguage;
  source: string;
  origin: ProgramOrigin;
  reason?: string;
  /** Of a Python program: JavaScript to run instead, or why there is none. */
  translation?: Pick<Translation, "source" | "reason">;
}

/** The set of all candidates that can join, in their order; an exact copy of an earlier one is no second voter. */
export function programSetOf(
  candidates: readonly Candidate[],
  classes: readonly string[],
  calls: ModelCall[],
  choice?: StrategyChoice,
): ProgramSet {
  const programs: AdmittedProgram[] = [];
  const rejected: RejectedProgram[] = [];
  for (const { id, language, source, origin, translation, ...screening } of candidates) {
    const original = programs.find((program) => writtenSource(program) === source);
    const reason = screening.reason ?? (original && `it is an exact copy of ${original.id}`);
    if (reason !== undefined) rejected.push({ id, source, origin, reason });
    else programs.push(admitted({ id, language, source, origin, translation }, classes));
  }
  const set = { programs, rejected, calls, ...(choice && { choice }) };
  return { hash: programSetHash(set), ...set };
}

/** A set's address. Receipts tell of rejected programs and of calls too: a set with others is another. */
export const programSetHash = ({ programs, rejected, calls, choice }: Omit<ProgramSet, "hash">): Hash =>
  hashOfJson([
    programs.map(({ id, hash }) => [id, hash]),
    rejected.map(({ id, source, reason }) => [id, source, reason]),
    calls.map(({ request }) => request),
    ...(choice ? [choice] : []),
  ]);

function admitted(
  { id, language, source, origin, translation }: Candidate,
  classes: readonly string[],
): AdmittedProgram {
  const hash = programHash(source, classes, language);
  const javascript = translation?.source;
  if (javascript === undefined) {
    const reason = translation?.reason;
    return { id, hash, language, source, origin, ...(reason !== undefined && { translation: { reason } }) };
  }
  return {
    id,
    hash: programHash(javascript, classes),
    language: "javascript",
    source: javascript,
    origin,
    translation: { from: { language, hash, source } },
  };
}
