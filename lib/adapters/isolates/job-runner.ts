import type ivm from "isolated-vm";
import { ABSTAIN } from "../../contracts/columns.ts";
import { FAULT, packAnswer, type RawVotes } from "./answer.ts";
import { askPython, type PythonRunner, pythonRunner } from "./ask-python.ts";
import { chunksOf, headerOf } from "./chunks.ts";
import type { MontyModule } from "./monty.ts";
import { type Guest, openIsolate, type ProgramIsolate } from "./program-isolate.ts";
import type { JobHeader, ProgramLimits, Stop } from "./protocol.ts";
import { openPython } from "./python-program.ts";

/** A JavaScript program of a job on its way through the rows. */
interface Runner extends RawVotes {
  /** Undefined where it does not compile, or is not asked any more. */
  guest: Guest | undefined;
  timeouts: number;
}

/** What it says while it works. */
interface Says {
  /** Before each piece of work, which program has the isolate, −1 for none. */
  begin(program: number): void;
  /** A program is not asked any more, though it had started. */
  stop(which: Stop): void;
}

/**
 * Runs jobs one after the other. A job with the classes, programs and columns of the one before finds its
 * realms warm (new ones double the cost of 10,000 short rows). Votes stay the same because the policy for
 * programs lets them keep nothing between rows.
 *
 * @param monty gives the interpreter of Python, when a program first asks for it
 * @returns from a job's header and columns to the payload of its answer; undefined when a program filled the isolate's heap
 */
export function jobRunner(
  engine: typeof ivm,
  monty: () => MontyModule,
  { begin, stop }: Says,
): (headerText: string, block: Uint8Array) => Promise<Uint8Array | undefined> {
  let warm: { key: string; isolate: ProgramIsolate | undefined; programs: Ready[] } | undefined;

  async function run(headerText: string, block: Uint8Array): Promise<Uint8Array> {
    begin(-1);
    const { classes, programs, limits, fresh } = JSON.parse(headerText) as JobHeader;
    const { rows, columns } = headerOf(block);
    const key = JSON.stringify([headerText, columns]);
    /** @param kept programs opened before: a Python program starts anew at each question anyway */
    const openRealms = async (kept: readonly Ready[] = []) => {
      warm?.isolate?.close();
      const isIsolated = programs.some(({ language }) => language === "javascript");
      const isolate = isIsolated ? await openIsolate(engine, { classes, columns }, limits) : undefined;
      warm = { key, isolate, programs: [] };
      for (const [index, { language, source }] of programs.entries()) {
        begin(index);
        warm.programs.push(
          language === "python"
            ? (kept[index] ?? { python: openPython(monty(), source, { classes, columns }) })
            : { guest: await isolate?.add(source, () => begin(index)) },
        );
      }
      return warm;
    };
    let realms = warm?.key !== key || fresh ? await openRealms() : warm;
    const runners = realms.programs.map((program, index) =>
      "python" in program
        ? pythonRunner(program.python, columns.length, rows, { limits, fresh, begin: () => begin(index) })
        : runnerOf(program.guest, rows),
    );
    const stops = new Set<number>();
    let first = 0;
    for (const chunk of chunksOf(block, fresh === "row" ? 1 : limits.chunkRows, limits.chunkBytes)) {
      if (fresh === "row" && first > 0) {
        realms = await openRealms(realms.programs);
        for (const [index, program] of realms.programs.entries()) {
          const runner = runners[index];
          if ("guest" in program && "guest" in runner && runner.guest) runner.guest = program.guest;
        }
      }
      begin(-1);
      await realms.isolate?.load(chunk);
      for (const [index, runner] of runners.entries()) {
        const asked = { first, rows: chunk.rows, limits, begin: () => begin(index) };
        if ("batch" in runner) askPython(runner, chunk, asked);
        else if (realms.isolate) await askChunk(runner, realms.isolate, asked);
        if (isStopped(runner) && !stops.has(index)) {
          stops.add(index);
          const row = runner.votes.findIndex((vote) => vote === FAULT.timeout || vote === FAULT.killed);
          if (row !== -1) stop({ program: index, fault: runner.votes[row], row });
        }
      }
      first += chunk.rows;
    }
    // Interrupted in the middle of a row: nobody knows what it left in its realm.
    if (runners.some((runner) => "timeouts" in runner && runner.timeouts > 0)) realms.key = "";
    return packAnswer(runners);
  }

  return (headerText, block) =>
    run(headerText, block).catch((error: unknown) => {
      if (warm?.isolate?.lost()) return undefined;
      throw error;
    });
}

const isStopped = (runner: Runner | PythonRunner): boolean =>
  ("batch" in runner ? runner.program : runner.guest) === undefined;

/** A program as it waits for rows. */
type Ready = { guest: Guest | undefined } | { python: ReturnType<typeof openPython> };

const runnerOf = (guest: Guest | undefined, rows: number): Runner => ({
  guest,
  votes: new Int8Array(rows).fill(guest ? ABSTAIN : FAULT.compile),
  cpuMs: 0,
  timeouts: 0,
});

/** Asks a program about the rows of the chunk in the isolate, the shard's rows from `first` on. */
async function askChunk(
  runner: Runner,
  isolate: ProgramIsolate,
  { first, rows, limits, begin }: { first: number; rows: number; limits: ProgramLimits; begin: () => void },
): Promise<void> {
  const cpuBudgetMs = limits.jobMs + limits.averageRowMs * runner.votes.length;
  let from = 0;
  while (runner.guest && from < rows) {
    const before = isolate.cpuMs();
    begin();
    const isBetweenRows = await isolate.ask(runner.guest, from, rows, limits.sliceMs);
    let to = isolate.progress();
    // Where it has moved on, the slice or the machine was slow: the next slice begins at the row it is at.
    if (!isBetweenRows && to === from) {
      to += 1;
      if (!(await isolate.askRow(runner.guest, from, limits.rowMs, begin))) {
        isolate.votes[from] = FAULT.timeout;
        runner.timeouts += 1;
      }
    }
    runner.votes.set(isolate.votes.subarray(from, to), first + from);
    runner.cpuMs += isolate.cpuMs() - before;
    if (runner.cpuMs > cpuBudgetMs) runner.votes.fill(FAULT.killed);
    if (runner.cpuMs > cpuBudgetMs || runner.timeouts >= limits.strikes) runner.guest = undefined;
    from = to;
  }
}
