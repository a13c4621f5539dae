import { readSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import type ivm from "isolated-vm";
import { jobRunner } from "./job-runner.ts";
import type { MontyModule } from "./monty.ts";
import {
  FRAME,
  frameHead,
  HEAD_BYTES,
  OUT_OF_MEMORY,
  packBeat,
  packStop,
  payloadLength,
} from "./protocol.ts";

// The process that runs programs. Its wires are three pipes, its arguments are the files of the native modules.
const load = createRequire(import.meta.url);
const { ivm: engine } = load(process.argv[2]) as { ivm: typeof ivm };
const monty = () => load(process.argv[3]) as MontyModule;
const BEAT_MS = 25;

let piece = 0;
let program = -1;

/** A signal ends this process even while a program is in a call that cannot be interrupted; an exception waits for it. */
const end = (): void => {
  process.kill(process.pid, "SIGKILL");
};

/** Blocks until the parent has it; ends this process when there is no parent. */
function send(kind: number, payload: Uint8Array): void {
  try {
    for (const bytes of [frameHead(kind, payload.length), payload]) {
      let at = 0;
      while (at < bytes.length) at += writeSync(1, bytes, at);
    }
  } catch {
    end();
  }
}

function beat(): void {
  const { user, system } = process.cpuUsage();
  const memoryMiB = process.memoryUsage.rss() / 2 ** 20;
  send(FRAME.beat, packBeat({ piece, program, cpuMs: (user + system) / 1_000, memoryMiB }));
}

const runJob = jobRunner(engine, monty, {
  begin(next) {
    piece += 1;
    program = next;
    beat();
  },
  stop: (which) => send(FRAME.stop, packStop(which)),
});

/** Waits for the parent's next bytes; nothing else is to be done meanwhile. */
function receive(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const read = readSync(0, bytes, at, length - at, null);
    if (read === 0) end(); // No parent any more.
    at += read;
  }
  return bytes;
}

const nextFrame = (): Uint8Array => receive(payloadLength(receive(HEAD_BYTES)));

// Ctrl-C reaches the whole group of processes; when the work is over is for the parent to say.
process.on("SIGINT", () => {});
for (;;) {
  const header = new TextDecoder().decode(nextFrame());
  const columns = nextFrame();
  // While a job lasts, a parent that is no more shows when a beat cannot be sent.
  const timer = setInterval(beat, BEAT_MS);
  const votes = await runJob(header, columns);
  clearInterval(timer);
  if (votes === undefined) process.exit(OUT_OF_MEMORY);
  send(FRAME.votes, votes);
}
