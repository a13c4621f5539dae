import { hashOf } from "../contracts/hash.ts";
import type { Hash } from "../contracts/names.ts";
import type { ProgramSet, RecordedReply } from "../contracts/objects.ts";
import type { AdmittedProgram, RejectedProgram } from "../contracts/programs.ts";
import type { RegisteredProgram, Registry } from "../contracts/registry.ts";
import { inState, writtenSource } from "../program-registry.ts";

/** Programs of earlier sets that are kept in mind. */
const MOST_FORMER = 1_000;

/**
 * The registry when a set comes into force: who is in it keeps its history, who was in the set before and is no more retires.
 *
 * A program of the model's is dated by the replies that it came from, so that a run from recordings gives the same bytes on
 * any day; the clock tells only what no recording does: when a file was first seen, and when a program retired.
 */
export function nextRegistry(
  before: Registry | undefined,
  set: ProgramSet,
  recordings: ReadonlyMap<Hash, Pick<RecordedReply, "recorded">>,
  now: string,
): Registry {
  if (before?.set === set.hash) return before;
  const known = new Map(before?.programs.map((program) => [keyOf(program), program]));
  const programs = [...set.programs, ...set.rejected].map((program) => {
    const registered = newcomer(program, set.hash, recordings, now);
    const earlier = known.get(keyOf(registered));
    known.delete(keyOf(registered));
    if (earlier === undefined) return registered;
    const stays = registered.state === "admitted" && earlier.state === "quarantined";
    const next = stays ? earlier : inState(earlier, registered.state, now, registered.reason);
    return { ...next, set: set.hash };
  });
  const gone = [...known.values()].map((program) =>
    program.state === "rejected" ? program : inState(program, "retired", now, whyRetired(program, programs)),
  );
  return {
    set: set.hash,
    programs,
    former: [...gone, ...(before?.former ?? [])].slice(0, MOST_FORMER),
  };
}

const keyOf = ({ id, source }: Pick<RegisteredProgram, "id" | "source">): string => `${id} ${source}`;

function newcomer(
  program: AdmittedProgram | RejectedProgram,
  set: Hash,
  recordings: ReadonlyMap<Hash, Pick<RecordedReply, "recorded">>,
  now: string,
): RegisteredProgram {
  const { id, origin } = program;
  const replies = origin.kind === "model" ? origin.replies : [];
  const dates = replies.flatMap((reply) => recordings.get(reply)?.recorded ?? []).sort();
  const [proposed = now, screened = dates.at(-1) ?? now] = dates.slice(0, 1);
  const outcome =
    "reason" in program
      ? { state: "rejected" as const, reason: program.reason }
      : { state: "admitted" as const };
  return {
    id,
    ...outcome,
    origin: origin.kind === "model" ? { kind: "model", strategy: origin.strategy } : origin,
    source: hashOf("reason" in program ? program.source : writtenSource(program)),
    set,
    history: [
      { state: "proposed", at: proposed },
      { state: "screened", at: screened },
      { ...outcome, at: screened },
    ],
  };
}

function whyRetired({ id, origin }: RegisteredProgram, programs: readonly RegisteredProgram[]): string {
  const isReplaced = programs.some((program) => program.id === id);
  if (origin.kind === "file")
    return isReplaced ? `its file ${origin.file} was edited` : `its file ${origin.file} was taken away`;
  return isReplaced
    ? "the model was asked anew, and wrote another in its place"
    : "the task asks for other programs";
}
