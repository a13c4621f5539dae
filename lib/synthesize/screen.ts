import { ABSTAIN, packColumns, unpackColumns } from "../contracts/columns.ts";
import type { Hardening } from "../contracts/hardening.ts";
import { hashOfJson } from "../contracts/hash.ts";
import type { Hash, ProgramId } from "../contracts/names.ts";
import type { ProgramLanguage } from "../contracts/program-language.ts";
import type { Strategy } from "../contracts/task-schema.ts";
import type { ProgramFaults, ProgramRunner, ProgramVotes } from "../ports.ts";
import { checkProgram } from "./check-program.ts";
import { checkPython, lackReason, pythonAnswers } from "./check-python.ts";
import { paceRows } from "./pace-rows.ts";
import { foreignReturn, labelFunction, parseScript } from "./program-syntax.ts";

/** Grows when the same program could vote otherwise than before on the same rows. */
const ENGINE_VERSION = 1;

/** What a program's votes depend on besides the rows. */
export const programHash = (
  source: string,
  classes: readonly string[],
  language: ProgramLanguage = "javascript",
): Hash => hashOfJson([ENGINE_VERSION, language, classes, source]);

export interface Screening {
  classes: readonly string[];
  probes: { columns: Uint8Array; rows: number };
  runner: ProgramRunner;
  hardening: Hardening;
  /** What else can be wrong with what a sound program did on the probe rows. */
  alsoWrong?: (outcome: ProgramVotes, rows: number, strategy?: Strategy) => string | undefined;
}

/** A program before anybody has looked at it. */
export interface Unscreened {
  id: ProgramId;
  language: ProgramLanguage;
  source: string;
  /** Of one that the model wrote. */
  strategy?: Strategy;
}

/** For each program the reason why it cannot join, in words that help to mend it; undefined where it can. */
export async function screened(
  programs: readonly Unscreened[],
  { classes, probes, runner, hardening, alsoWrong }: Screening,
): Promise<(string | undefined)[]> {
  const names = unpackColumns(probes.columns).columns.map(({ name }) => name);
  const pace = paceRows(probes.columns);
  const reasons = programs.map(({ language, source }) =>
    language === "python"
      ? checkPython(source, classes, names)
      : (checkProgram(source) ?? foreignReason(source, classes)),
  );
  /** Runs the programs that nothing was found against yet, and notes what their faults say. */
  const votesOf = async (
    columns: Uint8Array,
    reasonOf: (program: Unscreened, outcome: ProgramVotes) => string | undefined,
    fresh?: "job" | "row",
  ): Promise<Map<number, Int8Array>> => {
    const left = [...programs.keys()].filter((index) => reasons[index] === undefined);
    if (left.length === 0) return new Map();
    const outcomes = await runner.run({
      classes,
      programs: left.map((index) => {
        const { id, language, source } = programs[index];
        return { id, hash: programHash(source, classes, language), language, source };
      }),
      columns,
      hardening,
      fresh,
    });
    left.forEach((index, place) => {
      reasons[index] = reasonOf(programs[index], outcomes[place]);
    });
    return new Map(left.map((index, place) => [index, outcomes[place].votes]));
  };

  const tried = ({ language, strategy }: Unscreened, outcome: ProgramVotes) =>
    triedReason(language, outcome, probes.rows, classes) ?? alsoWrong?.(outcome, probes.rows, strategy);
  const forward = await votesOf(
    probes.columns,
    (program, outcome) => tried(program, outcome) ?? constantReason(outcome.votes, classes),
    "job",
  );
  await votesOf(pace.columns, (_program, { faults }) => slowReason(faults, pace.rows));
  const backward = await votesOf(reversed(probes.columns), tried, "job");
  const alone = await votesOf(probes.columns, tried, "row");
  for (const [index, expected] of forward) {
    reasons[index] ??=
      difference(expected, alone.get(index), "it is the only one") ??
      difference(expected, backward.get(index)?.toReversed(), "the rows come backwards");
  }
  return reasons;
}

/** The same rows, the last first: with what a program remembers of the rows before, a row has another past. */
function reversed(block: Uint8Array): Uint8Array {
  const { rows, columns } = unpackColumns(block);
  return packColumns(
    columns.map((column) =>
      column.kind === "number"
        ? { ...column, values: column.values.toReversed() }
        : { ...column, values: column.values.toReversed() },
    ),
    rows,
  );
}

function difference(votes: Int8Array, others: Int8Array | undefined, when: string): string | undefined {
  const row = votes.findIndex((vote, index) => vote !== others?.[index]);
  if (row === -1) return undefined;
  return `its votes depend on the rows before (probe row ${row + 1} is voted otherwise when ${when}): keep nothing between calls, and no pattern with the flag g or y outside a function`;
}

/** What the probe rows brought to light; the interpreter of Python says what it was, that of JavaScript nothing. */
function triedReason(
  language: ProgramLanguage,
  { faults, complaint }: ProgramVotes,
  rows: number,
  classes: readonly string[],
): string | undefined {
  if (language === "javascript") return faultReason(faults, rows, answers(classes));
  const lack = lackReason(complaint);
  if (lack !== undefined) return lack;
  if (faults.compile > 0) return `it does not start: ${complaint}`;
  const reason = faultReason(faults, rows, pythonAnswers(classes));
  return reason && complaint ? `${reason} (first: ${complaint})` : reason;
}

/** Probe rows have nothing in common: what is said of all of them is said of none. */
function constantReason(votes: Int8Array, classes: readonly string[]): string | undefined {
  const [vote] = votes;
  if (vote === ABSTAIN || votes.some((other) => other !== vote)) return undefined;
  return `it returns ${JSON.stringify(classes[vote])} on all of ${votes.length} probe rows, empty ones too: look at the row, and abstain where it says nothing`;
}

function slowReason({ killed, timeout }: ProgramFaults, rows: number): string | undefined {
  if (killed + timeout === 0) return undefined;
  return `it is too slow: over ${rows} short rows it takes more than some 5 ms of processor time a row, and a run drops such a program`;
}

function foreignReason(source: string, classes: readonly string[]): string | undefined {
  const program = parseScript(source);
  const label = typeof program === "string" ? undefined : labelFunction(program);
  const foreign = label && foreignReturn(label, classes);
  return foreign && `label returns ${foreign}, and may return only ${answers(classes)}`;
}

function faultReason(faults: ProgramFaults, rows: number, allowed: string): string | undefined {
  if (faults.compile > 0) return "it does not start: its top level throws, or defines no function label";
  if (faults.killed > 0) return "it had to be stopped on the probe rows: endless work or too much memory";
  if (faults.timeout > 0)
    return "it works for more than a second on a probe row: endless, or too slow for 20,000 characters";
  if (faults.badReturn > 0) {
    return `on ${faults.badReturn} of ${rows} probe rows label returned something other than ${allowed}`;
  }
  if (faults.error === rows) return "it throws on every one of the probe rows";
  return undefined;
}

const answers = (classes: readonly string[]): string =>
  [...classes.map((name) => JSON.stringify(name)), "null"].join(", ").replace(/, null$/, " or null");
