import { ABSTAIN } from "../../contracts/columns.ts";
import type { FirstFaults, ProgramFaults, ProgramVotes } from "../../ports.ts";

/** Why there is no vote, in the votes a child sends; below every class and ABSTAIN. */
export const FAULT: Record<keyof ProgramFaults, number> = {
  killed: -124,
  compile: -125,
  timeout: -126,
  badReturn: -127,
  error: -128,
};

/** What a child says of a program. */
export interface RawVotes {
  /** [rows], ABSTAIN, the index of a class or a fault. */
  votes: Int8Array<ArrayBuffer>;
  cpuMs: number;
  /** What the interpreter said first. */
  complaint?: string;
}

/** Characters of a complaint that cross. */
const LONGEST_COMPLAINT = 300;
/** Bytes that a complaint can take as JSON: six a character. */
export const MOST_COMPLAINT_BYTES = 8 + 6 * LONGEST_COMPLAINT;

/** The payload of an answer: CPU milliseconds as Float64, a program each, the votes of each program, complaints as JSON. */
export function packAnswer(programs: readonly RawVotes[]): Uint8Array {
  const cpuMs = Float64Array.from(programs, (program) => program.cpuMs);
  return Buffer.concat([
    new Uint8Array(cpuMs.buffer),
    ...programs.map(({ votes }) => new Uint8Array(votes.buffer)),
    Buffer.from(
      JSON.stringify(programs.map(({ complaint }) => complaint?.slice(0, LONGEST_COMPLAINT) ?? null)),
    ),
  ]);
}

/** The inverse of `packAnswer`, with faults as counted abstentions; undefined where a child made it up. */
export function unpackAnswer(
  payload: Uint8Array,
  { programs, rows, classes }: { programs: number; rows: number; classes: number },
): ProgramVotes[] | undefined {
  const complaints = complaintsIn(payload.subarray(programs * (8 + rows)), programs);
  if (complaints === undefined) return undefined;
  const bytes = new Uint8Array(payload);
  const cpuMs = new Float64Array(bytes.buffer, 0, programs);
  const answer: ProgramVotes[] = [];
  for (let program = 0; program < programs; program++) {
    // A copy: one program's votes do not keep those of all others in memory.
    const votes = new Int8Array(bytes.buffer, programs * 8 + program * rows, rows).slice();
    const taken = takeFaults(votes, classes);
    if (taken === undefined) return undefined;
    const complaint = complaints[program];
    answer.push({ votes, ...taken, cpuMs: cpuMs[program], ...(complaint !== null && { complaint }) });
  }
  return answer;
}

/** A complaint or null a program, each on one line; undefined where a child made it up. */
function complaintsIn(bytes: Uint8Array, programs: number): (string | null)[] | undefined {
  try {
    const complaints: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (!Array.isArray(complaints) || complaints.length !== programs || !complaints.every(couldBe))
      return undefined;
    return complaints.map((text) => text?.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim() ?? null);
  } catch {
    return undefined;
  }
}

const couldBe = (complaint: unknown): complaint is string | null =>
  complaint === null || (typeof complaint === "string" && complaint.length <= LONGEST_COMPLAINT);

const REASONS = Object.keys(FAULT) as (keyof ProgramFaults)[];

/** Counts the faults among votes and makes them abstentions; undefined on a vote that cannot be. */
function takeFaults(
  votes: Int8Array,
  classes: number,
): { faults: ProgramFaults; first: FirstFaults } | undefined {
  const first: FirstFaults = {};
  const faults: ProgramFaults = { error: 0, badReturn: 0, timeout: 0, killed: 0, compile: 0 };
  for (let row = 0; row < votes.length; row++) {
    const vote = votes[row];
    if (vote >= ABSTAIN && vote < classes) continue;
    const reason = REASONS.find((name) => FAULT[name] === vote);
    if (reason === undefined) return undefined;
    faults[reason] += 1;
    first[reason] ??= row;
    votes[row] = ABSTAIN;
  }
  // How many rows time out depends on the machine. Labels must not, so the others count no more.
  if (faults.timeout > 0) votes.fill(ABSTAIN);
  return { faults, first };
}

/** A program that a child stopped, at a row, before the child was lost. */
export const stopped = (rows: number, { fault, row }: { fault: number; row: number }): ProgramVotes =>
  fault === FAULT.timeout
    ? {
        ...disqualified(rows),
        faults: { error: 0, badReturn: 0, timeout: 1, killed: 0, compile: 0 },
        first: { timeout: row },
      }
    : disqualified(rows);

/** A program that was stopped in an earlier job, and is not run in this one. */
export const unasked = (rows: number, reason: "timeout" | "killed"): ProgramVotes => ({
  votes: new Int8Array(rows).fill(ABSTAIN),
  faults: { error: 0, badReturn: 0, timeout: 0, killed: 0, compile: 0, [reason]: rows },
  first: {},
  cpuMs: 0,
  unasked: true,
});

/** A program that a child did not survive. */
export const disqualified = (rows: number): ProgramVotes => ({
  votes: new Int8Array(rows).fill(ABSTAIN),
  faults: { error: 0, badReturn: 0, timeout: 0, killed: rows, compile: 0 },
  first: { killed: 0 },
  cpuMs: 0,
});
