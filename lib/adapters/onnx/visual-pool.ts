import { once } from "node:events";
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { InvalidInputError } from "../../errors.ts";
import type { Names } from "./tower.ts";

/** What a worker is given when it starts. */
export interface WorkerStart {
  path: string;
  names: Names;
  threads: number;
  /** Pictures at once, where the network leaves that open. */
  atOnce: number;
}

/** What a worker says of its network when it is open. */
export interface Opened {
  /** Of the pictures that it takes, in pixels. */
  side: number;
  /** Pictures at once, at most. */
  most: number;
  /** Numbers of an embedding, where the network says so. */
  size?: number;
  /** [most × side × side × 3], shared: pictures are put here for it. */
  pictures: Uint8Array;
}

/** What it says of the first so many of them: [pictures × size], each of unit length. */
export interface Embedded {
  values: Float32Array;
  size: number;
}

/** Classes of errors do not pass from thread to thread. */
export type Told<T> = { result: T } | { invalid: { where: string; message: string } } | { failed: unknown };

/** The half of a model that looks at pictures, in threads of its own. */
export interface VisualPool extends Omit<Opened, "pictures"> {
  /** Looks at up to `most` pictures, when a thread is free. */
  embed(pictures: readonly Uint8Array[]): Promise<Embedded>;
}

/** From source this file is .ts and so is the worker; bundled, both have the ending of JavaScript. */
const WORKER = new URL(`visual-worker${extname(import.meta.url)}`, import.meta.url);

/** Each network has weights of its own: so many bytes of them, together. */
const MOST_BYTES = 768 * 2 ** 20;

/**
 * Opens a network once a processor, as far as its weights are small enough: one that shares two processors wastes a third of
 * them, and a network on the thread of JavaScript lets nothing be decoded meanwhile.
 *
 * @param threads to run on, in all
 * @throws InvalidInputError where it is not shaped like CLIP's
 */
export async function openVisualPool(
  path: string,
  names: Names,
  { threads, atOnce }: { threads: number; atOnce: number },
): Promise<VisualPool> {
  const { size: bytes } = await stat(path);
  const workers = Math.max(1, Math.min(threads, Math.floor(MOST_BYTES / bytes)));
  const start: WorkerStart = { path, names, threads: Math.max(1, Math.floor(threads / workers)), atOnce };
  const seats = await Promise.all(Array.from({ length: workers }, () => openSeat(start)));
  const free = [...seats];
  const waiting: ((seat: Seat) => void)[] = [];
  const taken = async (): Promise<Seat> =>
    free.pop() ?? new Promise<Seat>((resolve) => void waiting.push(resolve));
  const { pictures: _, ...opened } = seats[0].opened;
  return {
    ...opened,
    async embed(pictures) {
      const seat = await taken();
      try {
        for (const [index, one] of pictures.entries()) seat.opened.pictures.set(one, index * one.length);
        return await seat.embed(pictures.length);
      } finally {
        const next = waiting.shift();
        if (next) next(seat);
        else free.push(seat);
      }
    },
  };
}

/** A thread with its network. */
interface Seat {
  opened: Opened;
  embed(pictures: number): Promise<Embedded>;
}

async function openSeat(start: WorkerStart): Promise<Seat> {
  const worker = new Worker(WORKER, { workerData: start, execArgv: [] });
  let failure: unknown;
  worker.on("error", (error) => {
    failure = error;
  });
  const answer = async <T>(): Promise<T> => {
    worker.ref();
    try {
      const [told] = (await once(worker, "message")) as [Told<T>];
      if ("result" in told) return told.result;
      if ("invalid" in told) throw invalidInput(told.invalid);
      throw told.failed;
    } finally {
      // A thread that waits keeps nobody from ending.
      worker.unref();
    }
  };
  return {
    opened: await answer<Opened>(),
    async embed(pictures) {
      // A thread that has ended would never answer.
      if (failure !== undefined) throw failure;
      worker.postMessage(pictures);
      return answer<Embedded>();
    },
  };
}

const invalidInput = ({ where, message }: { where: string; message: string }) =>
  new InvalidInputError(where, message.slice(`${where}: `.length));
