import type { ProgramLanguage } from "../../contracts/program-language.ts";

/** What a frame carries: a job's header and columns go to the child, beats, stops and votes come back. */
export const FRAME = { header: 1, columns: 2, beat: 3, votes: 4, stop: 5 } as const;

/** Exit code of a child in which a program filled the isolate's heap. */
export const OUT_OF_MEMORY = 77;

/** What a child enforces by itself. */
export interface ProgramLimits {
  /** Wall time after which the isolate is interrupted to see whether it still moves from row to row. */
  sliceMs: number;
  /** CPU time that a single row may take. */
  rowMs: number;
  /** Rows that may time out before the program is not asked any more. */
  strikes: number;
  /** CPU time of a program over a whole job: `jobMs + rows × averageRowMs`. */
  jobMs: number;
  averageRowMs: number;
  /** Heap of the isolate, shared by its programs. */
  heapMiB: number;
  /** Rows that are in the isolate at a time: at most so many, of at most so many bytes. */
  chunkRows: number;
  chunkBytes: number;
}

/** Head of a job, as JSON; the block of columns follows in a frame of its own, as it is. */
export interface JobHeader {
  classes: readonly string[];
  programs: { language: ProgramLanguage; source: string }[];
  limits: ProgramLimits;
  /** Realms that no row was asked in before: for the job, or for each row. */
  fresh?: "job" | "row";
}

/** Said by the child before each piece of work and every few milliseconds while it lasts. */
export interface Beat {
  /** Grows by one with each piece of work. */
  piece: number;
  /** The program that has the isolate, −1 while none has. */
  program: number;
  /** CPU time of the whole child since it started. */
  cpuMs: number;
  memoryMiB: number;
}

export const packBeat = ({ piece, program, cpuMs, memoryMiB }: Beat): Uint8Array =>
  new Uint8Array(Float64Array.of(piece, program, cpuMs, memoryMiB).buffer);

/** The inverse of `packBeat`. @throws RangeError on what no child of ours says */
export function unpackBeat(payload: Uint8Array): Beat {
  const [piece, program, cpuMs, memoryMiB, ...more] = new Float64Array(new Uint8Array(payload).buffer);
  if (more.length > 0 || ![piece, program, cpuMs, memoryMiB].every(Number.isFinite))
    throw new RangeError(`A beat of ${payload.length} bytes that says nothing`);
  return { piece, program, cpuMs, memoryMiB };
}

/** Said by the child of a program that is not asked any more, so that it is out even where this child is lost later. */
export interface Stop {
  program: number;
  fault: number;
  row: number;
}

export const packStop = ({ program, fault, row }: Stop): Uint8Array =>
  new Uint8Array(Float64Array.of(program, fault, row).buffer);

/** The inverse of `packStop`, of a job of so many programs and rows. @throws RangeError on what no child of ours says */
export function unpackStop(payload: Uint8Array, job: { programs: number; rows: number }): Stop {
  const [program, fault, row, ...more] = new Float64Array(new Uint8Array(payload).buffer);
  const isOne = (index: number, of: number) => Number.isInteger(index) && index >= 0 && index < of;
  if (more.length > 0 || !isOne(program, job.programs) || !isOne(row, job.rows) || !Number.isInteger(fault))
    throw new RangeError(`A stop of ${payload.length} bytes that says nothing`);
  return { program, fault, row };
}

export const HEAD_BYTES = 5;

/** The head of a frame: its length and kind. The payload goes after it uncopied. */
export function frameHead(kind: number, length: number): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint32(0, length, true);
  view.setUint8(4, kind);
  return head;
}

/** Bytes that follow a head. */
export const payloadLength = (head: Uint8Array): number =>
  new DataView(head.buffer, head.byteOffset).getUint32(0, true);

/**
 * Puts frames together from the pieces a pipe delivers.
 *
 * @param longest bytes of payload; the reader throws on more, for the other side is not trusted
 */
export function frameReader(
  longest: number,
  onFrame: (kind: number, payload: Uint8Array<ArrayBuffer>) => void,
): (piece: Uint8Array) => void {
  let part = new Uint8Array(HEAD_BYTES);
  let filled = 0;
  let kind: number | undefined;
  return (piece) => {
    let at = 0;
    for (;;) {
      const taken = Math.min(part.length - filled, piece.length - at);
      part.set(piece.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < part.length) return;
      const whole = part;
      filled = 0;
      if (kind === undefined) {
        const head = new DataView(whole.buffer);
        const length = head.getUint32(0, true);
        if (length > longest) throw new RangeError(`A frame of ${length} bytes, at most ${longest} expected`);
        kind = head.getUint8(4);
        part = new Uint8Array(length);
      } else {
        const frame = kind;
        kind = undefined;
        part = new Uint8Array(HEAD_BYTES);
        onFrame(frame, whole);
      }
    }
  };
}
