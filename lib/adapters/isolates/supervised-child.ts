import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import type { Hardening } from "../../contracts/hardening.ts";
import { MOST_COMPLAINT_BYTES } from "./answer.ts";
import { headerOf } from "./chunks.ts";
import { processUsage } from "./process-usage.ts";
import {
  type Beat,
  FRAME,
  frameHead,
  frameReader,
  type JobHeader,
  OUT_OF_MEMORY,
  type Stop,
  unpackBeat,
  unpackStop,
} from "./protocol.ts";
import { spawnChild } from "./spawn-child.ts";

/** What the parent enforces, by killing. */
export interface ChildLimits {
  /** CPU time that one piece of work may take; ten times as much on the clock, for a thread may hang asleep. */
  hangMs: number;
  /** Resident memory of the child. */
  memoryMiB: number;
}

/** What became of a job: the payload of the answer, or how the child was lost, and which program had the isolate then. */
export type Outcome = { answer: Uint8Array } | Loss;

export interface Loss {
  lost: string;
  /** −1 while none had it. */
  program: number;
  /** CPU time on one piece of work is its program's alone; memory and crashes may be of all together. */
  isAlone: boolean;
  /** Programs that were stopped before. */
  stops: Stop[];
}

/** A disposable process that runs one job at a time. */
export interface Child {
  hardening: Hardening;
  run(job: { header: JobHeader; columns: Uint8Array }): Promise<Outcome>;
  kill(): Promise<void>;
}

const TICK_MS = 50;
/** Ticks between looks at what the kernel says. */
const LOOK_EVERY = 2;

/** Starts a child and watches over it. */
export function startChild(limits: ChildLimits, hardening: Hardening): Child {
  const child = spawnChild(hardening);
  const ended = Promise.withResolvers<void>();
  let ending: string | undefined;
  let complaint = "";
  let onBytes = (_bytes: Uint8Array): void => {};
  let onEnd = (_reason: string): void => {};
  const end = (reason: string): void => {
    ending ??= reason;
    ended.resolve();
    onEnd(`${ending} ${complaint}`.trim());
  };
  child.once("error", (error) => end(error.message));
  child.once("close", (code, signal) => end(reasonOf(code, signal)));
  child.stdout.on("data", (bytes) => onBytes(bytes));
  child.stderr.on("data", (text) => {
    complaint = `${complaint}${text}`.slice(-2_000);
  });
  // A pipe that breaks says no more than that the child has ended.
  child.stdin.on("error", () => {});
  keepAlive(child, false);

  return {
    hardening,

    run: ({ header, columns }) =>
      new Promise((resolve) => {
        let beat: Beat = { piece: -1, program: -1, cpuMs: 0, memoryMiB: 0 };
        const beforeMs = kernelCpuMs(child);
        let pieceCpuMs = beforeMs;
        let quietMs = 0;
        let looks = 0;
        /** By program: a child that was taken over may say it for ever. */
        const stops = new Map<number, Stop>();
        const { rows } = headerOf(columns);
        const mostMs = mostCpuMs(header, rows);
        let isOver = false;
        const finish = (outcome: Outcome): void => {
          isOver = true;
          clearInterval(watch);
          onEnd = () => {};
          onBytes = () => {};
          keepAlive(child, false);
          resolve(outcome);
        };
        const stop = (reason: string): void => {
          ending ??= reason;
          child.kill("SIGKILL");
        };
        /** By the child's word, and now and then by the kernel's. */
        const judge = ({ cpuMs, memoryMiB = 0 }: { cpuMs: number; memoryMiB?: number }): void => {
          // A question in Python cannot be interrupted but by the clock, which a busy machine makes long.
          const hangMs = limits.hangMs * (header.programs[beat.program]?.language === "python" ? 2 : 1);
          if (cpuMs - pieceCpuMs > hangMs) {
            isAlone = true;
            stop(`it worked ${hangMs} ms on one piece.`);
          }
          const ownMiB = memoryMiB - columns.byteLength / 2 ** 20;
          if (ownMiB > limits.memoryMiB) stop(`it held ${Math.round(ownMiB)} MiB of memory.`);
        };
        let isAlone = false;
        const look = (): void => {
          if (isOver) return;
          judge({ cpuMs: beat.cpuMs, ...(child.pid && processUsage(child.pid)) });
          // Whatever pieces it says it has.
          if (kernelCpuMs(child) - beforeMs > mostMs) stop(`it worked ${Math.round(mostMs)} ms on one job.`);
        };
        // Counts ticks, not the clock: when this process was the one that stood still, the child is not to blame.
        const watch = setInterval(() => {
          quietMs += TICK_MS;
          if (quietMs > limits.hangMs * 10) stop(`it stood still for ${quietMs} ms.`);
          looks += 1;
          // After what the child has said meanwhile was heard: the kernel's word is of now, and so has to be its piece.
          if (looks % LOOK_EVERY === 0) setImmediate(look);
        }, TICK_MS);
        onEnd = (lost) => finish({ lost, program: beat.program, isAlone, stops: [...stops.values()] });
        const programs = header.programs.length;
        const read = frameReader(1_024 + programs * (rows + 16 + MOST_COMPLAINT_BYTES), (kind, payload) => {
          if (kind === FRAME.votes) return finish({ answer: payload });
          if (kind === FRAME.stop) {
            const stopped = unpackStop(payload, { programs, rows });
            stops.set(stopped.program, stopped);
            return;
          }
          const { piece } = beat;
          beat = unpackBeat(payload);
          if (beat.piece !== piece) {
            quietMs = 0;
            pieceCpuMs = beat.cpuMs;
          }
          judge(beat);
        });
        onBytes = (bytes) => {
          try {
            read(bytes);
          } catch (error) {
            stop(`it does not keep to the protocol: ${error}`);
          }
        };
        if (ending !== undefined) return end(ending);
        keepAlive(child, true);
        for (const [kind, payload] of [
          [FRAME.header, Buffer.from(JSON.stringify(header))],
          [FRAME.columns, columns],
        ] as const) {
          child.stdin.write(frameHead(kind, payload.byteLength));
          child.stdin.write(payload);
        }
      }),

    async kill() {
      keepAlive(child, true);
      child.kill("SIGKILL");
      await ended.promise;
    },
  };
}

/** What a child needs at most to start, and to open a realm. */
const START_MS = 5_000;
const REALM_MS = 250;

/** CPU time that a job may take if each of its programs spends all that it may. */
function mostCpuMs({ programs, limits, fresh }: JobHeader, rows: number): number {
  const realmsMs = REALM_MS * (fresh === "row" ? rows : 1);
  // A batch of rows that takes a Python program too long is asked again in halves.
  const halvesMs = limits.sliceMs * Math.log2(limits.chunkRows);
  const eachMs = realmsMs + limits.jobMs + limits.averageRowMs * rows;
  const python = programs.filter(({ language }) => language === "python").length;
  return START_MS + programs.length * eachMs + python * halvesMs;
}

const kernelCpuMs = ({ pid }: ChildProcess): number =>
  (pid === undefined ? undefined : processUsage(pid))?.cpuMs ?? 0;

/** An idle child does not keep this process from ending. */
function keepAlive(child: ChildProcess, busy: boolean): void {
  const pipes = child.stdio.filter((pipe) => pipe instanceof Socket);
  for (const part of [child, ...pipes]) {
    if (busy) part.ref();
    else part.unref();
  }
}

const reasonOf = (code: number | null, signal: string | null): string =>
  code === OUT_OF_MEMORY
    ? "its isolate ran out of memory."
    : `it ended with ${signal ?? `exit code ${code}`}.`;
