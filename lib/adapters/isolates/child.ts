import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import type ivm from "isolated-vm";
import { jobRunner } from "./job-runner.ts";
import type { MontyModule } from "./monty.ts";
import { FRAME, frameHead, frameReader, OUT_OF_MEMORY, packBeat, packStop } from "./protocol.ts";

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

let header = "";
const read = frameReader(2 ** 32, async (kind, payload) => {
  if (kind === FRAME.header) {
    header = new TextDecoder().decode(payload);
    return;
  }
  const timer = setInterval(beat, BEAT_MS);
  const votes = await runJob(header, payload);
  clearInterval(timer);
  if (votes === undefined) process.exit(OUT_OF_MEMORY);
  send(FRAME.votes, votes);
});
process.stdin.on("data", read);
// No parent any more.
process.stdin.on("end", end);
// Ctrl-C reaches the whole group of processes; when the work is over is for the parent to say.
process.on("SIGINT", () => {});
