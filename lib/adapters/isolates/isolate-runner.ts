import { availableParallelism } from "node:os";
import { AlchemistError } from "../../errors.ts";
import type { ProgramRunner } from "../../ports.ts";
import { disqualified, unpackAnswer } from "./answer.ts";
import { headerOf } from "./chunks.ts";
import type { JobHeader, ProgramLimits } from "./protocol.ts";
import { type Child, type ChildLimits, type Outcome, startChild } from "./supervised-child.ts";

/**
 * Rows cost 1 to 100 µs, a very long one some 100 ms: far from these bounds, so that a slow machine gives the votes of a
 * fast one. A program that passes one is dropped whole, so the first strike ends it.
 */
const LIMITS: ProgramLimits & ChildLimits = {
  sliceMs: 300,
  rowMs: 1_000,
  strikes: 1,
  jobMs: 2_000,
  averageRowMs: 5,
  heapMiB: 128,
  chunkRows: 4_096,
  chunkBytes: 4 * 2 ** 20,
  hangMs: 3_000,
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
}: {
  children?: number;
  limits?: Partial<ProgramLimits & ChildLimits>;
} = {}): ProgramRunner & { close(): Promise<void> } {
  const { hangMs, memoryMiB, ...limits } = { ...LIMITS, ...given };
  const idle: Child[] = [];
  const busy = new Set<Child>();
  const waiting: (() => void)[] = [];
  let closed = false;

  /** Runs a job in the child that was used last, or in a new one; waits while all are busy. */
  async function inChild(job: { header: JobHeader; columns: Uint8Array }): Promise<Outcome> {
    while (!closed && busy.size >= children) await new Promise<void>((resolve) => waiting.push(resolve));
    if (closed) throw closedError();
    const child = idle.pop() ?? startChild({ hangMs, memoryMiB });
    busy.add(child);
    const outcome = await child.run(job);
    busy.delete(child);
    if (closed) throw closedError();
    if ("answer" in outcome) idle.push(child);
    waiting.shift()?.();
    return outcome;
  }

  return {
    async run({ classes, programs, columns }) {
      const { rows } = headerOf(columns);
      // Each program is disqualified until a child has come to the end with it.
      const results = programs.map(() => disqualified(rows));

      /** The program, by its index, at which the child was lost; undefined when all went well. */
      const attempt = async (indexes: readonly number[]): Promise<number | undefined> => {
        const header = { classes, sources: indexes.map((index) => programs[index].source), limits };
        let reason = "";
        for (let tries = 0; tries < 3; tries++) {
          const outcome = await inChild({ header, columns });
          if ("lost" in outcome) {
            const suspect = indexes[outcome.program];
            if (suspect !== undefined) return suspect;
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
        throw new ProgramRunnerError(
          `The process that runs programs was lost three times before it ran any: ${reason}`,
        );
      };

      let left = programs.map((_, index) => index);
      while (left.length > 0) {
        const suspect = await attempt(left);
        if (suspect === undefined) break;
        // Memory and a busy machine are shared, so it is guilty only if it fails alone, too.
        if (left.length > 1) await attempt([suspect]);
        left = left.filter((index) => index !== suspect);
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

const closedError = () =>
  new ProgramRunnerError("The runner of programs was closed before its work was done.");
