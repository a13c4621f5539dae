import { FAULT, type RawVotes } from "./answer.ts";
import type { Chunk } from "./chunks.ts";
import { cpuMs } from "./cpu-ms.ts";
import type { JobHeader, ProgramLimits } from "./protocol.ts";
import type { PythonAnswer, PythonProgram } from "./python-program.ts";

/** A Python program of a job on its way through the rows. */
export interface PythonRunner extends RawVotes {
  /** Undefined where it does not start, or is not asked any more. */
  program: PythonProgram | undefined;
  /** Rows to ask about at once: each question runs the program's top level, each failed one is asked again in halves. */
  batch: number;
  /** CPU time that all its rows may take. */
  budgetMs: number;
}

const FIRST_BATCH = 64;
/** CPU time that a program's top-level code may take. */
const TOP_LEVEL_MS = 200;

/** A runner of `rows` rows, after the program's top level has run once on none. */
export function pythonRunner(
  opened: PythonProgram | { failed: string },
  columns: number,
  rows: number,
  { limits, fresh, begin }: { limits: ProgramLimits; fresh?: JobHeader["fresh"]; begin: () => void },
): PythonRunner {
  const votes = new Int8Array(rows).fill(-1);
  let failed = "failed" in opened ? opened.failed : undefined;
  const before = cpuMs();
  if ("ask" in opened) {
    const none = Array.from({ length: columns }, () => []);
    const answer = untilSpent(TOP_LEVEL_MS, begin, (timeoutMs) =>
      opened.ask(none, { timeoutMs, heapMiB: limits.heapMiB }),
    );
    if ("failed" in answer) failed = answer.failed;
    if ("stopped" in answer) failed = `its top level takes too much ${answer.stopped}`;
  }
  if (failed !== undefined || !("ask" in opened))
    return {
      votes: votes.fill(FAULT.compile),
      cpuMs: 0,
      complaint: failed,
      program: undefined,
      batch: 0,
      budgetMs: 0,
    };
  // Where each row is asked alone, each runs the top level.
  const topLevelsMs = fresh === "row" ? (cpuMs() - before) * rows : 0;
  const budgetMs = limits.jobMs + limits.averageRowMs * rows + topLevelsMs;
  return { votes, cpuMs: 0, program: opened, batch: FIRST_BATCH, budgetMs };
}

/**
 * Asks a program about a chunk, the shard's rows from `first` on. Where a batch takes too long or too much memory, each half
 * is asked by itself, down to the row that is to blame.
 */
export function askPython(
  runner: PythonRunner,
  chunk: Chunk,
  { first, limits, begin }: { first: number; limits: ProgramLimits; begin: () => void },
): void {
  let from = 0;
  while (runner.program && from < chunk.rows) {
    const { program } = runner;
    const to = Math.min(chunk.rows, from + runner.batch);
    const columns = chunk.columns.map((column) => column.slice(from, to));
    const ask = (timeoutMs: number) => program.ask(columns, { timeoutMs, heapMiB: limits.heapMiB });
    const before = cpuMs();
    let answer: PythonAnswer;
    if (to - from > 1) {
      begin();
      answer = ask(limits.sliceMs);
    } else answer = untilSpent(limits.rowMs, begin, ask);
    const spentMs = cpuMs() - before;
    if ("stopped" in answer && to - from > 1) {
      runner.batch = Math.ceil((to - from) / 2);
      continue;
    }
    runner.cpuMs += spentMs;
    if ("votes" in answer) {
      runner.votes.set(answer.votes, first + from);
      runner.complaint ??= answer.complaint;
      // Far from the slice, so that a batch hardly ever has to be asked twice.
      if (spentMs < limits.sliceMs / 6) runner.batch = Math.min(runner.batch * 2, limits.chunkRows);
    } else end(runner, first + from, answer);
    if (runner.cpuMs > runner.budgetMs) end(runner, first + from, { stopped: "memory" });
    from = to;
  }
}

/** The program is not asked any more: a row takes too long, or all of it too much. */
function end(runner: PythonRunner, row: number, answer: Exclude<PythonAnswer, { votes: number[] }>): void {
  if ("stopped" in answer && answer.stopped === "time") runner.votes[row] = FAULT.timeout;
  else if ("stopped" in answer) runner.votes.fill(FAULT.killed);
  else {
    runner.votes.fill(FAULT.compile);
    runner.complaint ??= answer.failed;
  }
  runner.program = undefined;
}

/** On the clock, what a question may take of its limit: beside other work, the second time, twice as much. */
const CLOCK = { first: 1.25, most: 2.5 };

/** Repeats a question until there is an answer or it has had `limitMs` of CPU time: Monty counts the clock. */
function untilSpent(
  limitMs: number,
  begin: () => void,
  ask: (timeoutMs: number) => PythonAnswer,
): PythonAnswer {
  const before = cpuMs();
  for (let times = CLOCK.first; ; times = CLOCK.most) {
    begin();
    const answer = ask(limitMs * times);
    if (!("stopped" in answer) || answer.stopped === "memory" || cpuMs() - before >= limitMs) return answer;
  }
}
