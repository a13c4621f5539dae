import { availableParallelism } from "node:os";
import { type Hardening, stricter } from "../../contracts/hardening.ts";
import type { Hash } from "../../contracts/names.ts";
import type { ProgramLanguage } from "../../contracts/program-language.ts";
import { AlchemistError, LanguageUnavailableError } from "../../errors.ts";
import type { ProgramRunner, RunnableProgram } from "../../ports.ts";
import { disqualified, stopped, unasked, unpackAnswer } from "./answer.ts";
import { headerOf } from "./chunks.ts";
import { type Machine, montyModule } from "./native-modules.ts";
import type { JobHeader, ProgramLimits } from "./protocol.ts";
import { type Child, type ChildLimits, type Outcome, startChild } from "./supervised-child.ts";

interface RunnerLimits extends ProgramLimits, ChildLimits {
  /** Children that a job may lose: twice for each of thirty hostile programs, and no work without end. */
  lostChildren: number;
}

/**
 * Rows cost 1 to 100 µs, a very long one some 100 ms: far from these bounds, so that a slow machine gives the votes of a
 * fast one. A program that passes one is dropped whole, so the first strike ends it.
 */
const LIMITS: RunnerLimits = {
  sliceMs: 300,
  rowMs: 1_000,
  strikes: 1,
  jobMs: 2_000,
  averageRowMs: 5,
  heapMiB: 128,
  chunkRows: 16_384,
  chunkBytes: 4 * 2 ** 20,
  hangMs: 1_500,
  lostChildren: 64,
  memoryMiB: 600,
};

/** No program is to blame: the process for programs does not start, or this runner was closed. */
export class ProgramRunnerError extends AlchemistError {
  readonly code = "program-runner";
}

/** Runs programs in V8 isolates inside disposable child processes: at most `children`, started when needed. */
export function isolateRunner({
  children = availableParallelism(),
  limits: given = {},
  leastHardening = "standard",
  machine = process,
}: {
  children?: number;
  /** What holds even where a job asks for less. */
  leastHardening?: Hardening;
  limits?: Partial<RunnerLimits>;
  /** Whose native modules are looked for. */
  machine?: Machine;
} = {}): ProgramRunner & { close(): Promise<void> } {
  const { hangMs, memoryMiB, lostChildren, ...limits } = { ...LIMITS, ...given };
  const lacking = (language: ProgramLanguage) => lackOf(language, machine);
  const idle: Child[] = [];
  const busy = new Set<Child>();
  const waiting: (() => void)[] = [];
  /** Programs that timed out or had to be killed, by scope: no later job of it pays for them again. */
  const stoppedIn = new Map<string, Map<Hash, "timeout" | "killed">>();
  let closed = false;

  /** Runs a job in the child that was used last, or in a new one; waits while all are busy. */
  async function inChild(
    job: { header: JobHeader; columns: Uint8Array },
    hardening: Hardening,
  ): Promise<Outcome> {
    while (!closed && busy.size >= children) await new Promise<void>((resolve) => waiting.push(resolve));
    if (closed) throw closedError();
    // No await between the check and here: three jobs at once never start three of two children.
    const child = freeChild(hardening);
    busy.add(child);
    const outcome = await child.run(job);
    busy.delete(child);
    if (closed) throw closedError();
    if ("answer" in outcome) idle.push(child);
    waiting.shift()?.();
    return outcome;
  }

  /** The child that was used last, if it is of this level; children of another make room. */
  function freeChild(hardening: Hardening): Child {
    const child = idle.pop();
    if (child?.hardening === hardening) return child;
    void child?.kill();
    return startChild({ hangMs, memoryMiB }, hardening);
  }

  return {
    lacking,

    async run({ classes, programs, columns, hardening = "standard", fresh, scope }) {
      const lacks = programs.map(({ language }) => lacking(language)).find((reason) => reason !== undefined);
      if (lacks !== undefined) throw new LanguageUnavailableError(lacks);
      const { rows } = headerOf(columns);
      const level = stricter(hardening, leastHardening);
      const before = (scope !== undefined && stoppedIn.get(scope)) || new Map<Hash, "timeout" | "killed">();
      if (scope !== undefined) stoppedIn.set(scope, before);
      // Each program is disqualified until a child has come to the end with it.
      const results = programs.map(({ hash }) => {
        const reason = before.get(hash);
        return reason === undefined ? disqualified(rows) : unasked(rows, reason);
      });
      /** Programs that need not be run again: they were stopped, or the child was lost at them. */
      const out = new Set<number>();
      let lost = 0;

      /** The program, by its index, at which the child was lost, and whether it alone is to blame. */
      const attempt = async (
        indexes: readonly number[],
      ): Promise<{ suspect: number; isAlone: boolean } | undefined> => {
        const header = {
          classes,
          programs: indexes.map((index) => languageAndSource(programs[index])),
          limits,
          fresh,
        };
        let reason = "";
        for (let tries = 0; tries < 3; tries++) {
          const outcome = await inChild({ header, columns }, level);
          if ("lost" in outcome) {
            lost += 1;
            if (lost > lostChildren) throw tooManyError(lost);
            for (const stop of outcome.stops) {
              const index = indexes[stop.program];
              out.add(index);
              results[index] = stopped(rows, stop);
            }
            const suspect = indexes[outcome.program];
            if (suspect !== undefined) return { suspect, isAlone: outcome.isAlone };
            reason = outcome.lost;
            continue;
          }
          const expected = { programs: indexes.length, rows, classes: classes.length };
          const votes = unpackAnswer(outcome.answer, expected);
          if (votes === undefined)
            throw new ProgramRunnerError("The process that runs programs made up its answer.");
          for (const [position, index] of indexes.entries()) results[index] = votes[position];
          return undefined;
        }
        throw lostError(reason);
      };

      let left = [...programs.keys()].filter((index) => !results[index].unasked);
      while (left.length > 0) {
        const loss = await attempt(left);
        if (loss === undefined) break;
        // Memory is shared, so a program is guilty of it only if it fails alone, too.
        if (!loss.isAlone && left.length > 1) await attempt([loss.suspect]);
        out.add(loss.suspect);
        left = left.filter((index) => !out.has(index));
      }
      for (const [index, { faults }] of results.entries()) {
        const reason = faults.killed > 0 ? "killed" : faults.timeout > 0 ? "timeout" : undefined;
        if (reason !== undefined) before.set(programs[index].hash, reason);
      }
      return results;
    },

    async close() {
      closed = true;
      for (const wake of waiting.splice(0)) wake();
      await Promise.all([...idle.splice(0), ...busy].map((child) => child.kill()));
    },
  };
}

const languageAndSource = ({ language, source }: RunnableProgram) => ({ language, source });

/** Says what to do where the machine's C++ library is older than the native module needs. */
function lostError(reason: string): ProgramRunnerError {
  const missing = /version `?(GLIBC\w*_[\d.]+)'? not found/.exec(reason)?.[1];
  return new ProgramRunnerError(
    missing
      ? `The native module isolated-vm needs ${missing}, and this system's C or C++ library is older. On Lambda, deploy with labelIn: "container" in cdk.json, which brings its own; elsewhere, update libstdc++.`
      : `The process that runs programs was lost three times before it ran any: ${reason}`,
  );
}

/** Why a language cannot be run here. */
function lackOf(language: ProgramLanguage, machine: Machine): string | undefined {
  if (language === "javascript" || montyModule(machine) !== undefined) return undefined;
  return (
    `Python programs need the native module of @pydantic/monty, which is not here for ${machine.platform}-${machine.arch}. ` +
    'On Lambda, deploy with architecture: "x86_64" in cdk.json; elsewhere, npm ci without --omit=optional brings it where there is one. JavaScript runs everywhere (synthesis.language: javascript).'
  );
}

const tooManyError = (lost: number) =>
  new ProgramRunnerError(
    `${lost} processes were lost over one shard of data, so too many of its programs are hostile or broken. Remove those that work without end or fill the memory.`,
  );

const closedError = () =>
  new ProgramRunnerError("The runner of programs was closed before its work was done.");
