import { spawn } from "node:child_process";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { PdfText } from "../../ports.ts";
import { processUsage } from "../isolates/process-usage.ts";

const Answer = z.union([
  z.strictObject({ pages: z.array(z.string()), cut: z.string().optional() }),
  z.strictObject({ problem: z.string() }),
]);

/** What reading one PDF may take. A book of a thousand pages takes some three seconds and 200 MiB. */
interface PdfLimits {
  /** Processor time; ten times as much on the clock. */
  cpuMs: number;
  memoryMiB: number;
}
const LIMITS: PdfLimits = { cpuMs: 15_000, memoryMiB: 512 };
/** More than the child writes of the longest text that it reads. */
const MOST_ANSWER_BYTES = 32 * 1024 * 1024;
const LOOK_MS = 50;

/** From source this file is .ts and so is the child; bundled, the child lies beside the function, the library in it. */
const IS_SOURCE = extname(import.meta.url) === ".ts";
const CHILD = fileURLToPath(new URL(IS_SOURCE ? "child.ts" : "pdf-child.mjs", import.meta.url));

/**
 * Reads PDFs, each in a process of its own without environment, files or children, which is killed where it takes
 * too long or too much: a PDF is a program for whoever reads it.
 */
export const pdfText =
  (limits = LIMITS): PdfText =>
  (pdf) =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [...flagsOf(limits), CHILD], {
        cwd: "/",
        env: { TZ: "UTC", LANG: "C" },
      });
      let written: Buffer[] = [];
      let bytes = 0;
      let problem: string | undefined;
      const stop = (reason: string): void => {
        problem ??= reason;
        child.kill("SIGKILL");
      };
      const began = performance.now();
      const watch = setInterval(() => {
        const { cpuMs = 0, memoryMiB = 0 } = (child.pid && processUsage(child.pid)) || {};
        if (cpuMs > limits.cpuMs)
          stop(`reading it takes more than ${limits.cpuMs / 1_000} s of processor time`);
        if (memoryMiB > limits.memoryMiB)
          stop(`reading it takes more than ${limits.memoryMiB} MiB of memory`);
        if (performance.now() - began > 10 * limits.cpuMs) stop("reading it does not end");
      }, LOOK_MS);
      child.stdout.on("data", (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes > MOST_ANSWER_BYTES) stop("its text is too long");
        else written.push(chunk);
      });
      // Where the child is gone before it has read everything, its end says so.
      child.stdin.on("error", () => {});
      child.stderr.resume();
      child.once("error", () => stop("no process can be started to read it in"));
      child.once("close", () => {
        clearInterval(watch);
        resolve(problem === undefined ? answerOf(Buffer.concat(written)) : { problem });
        written = [];
      });
      child.stdin.end(pdf);
    });

/** What the child wrote; it may have been taken over by what it read. */
function answerOf(written: Buffer): z.infer<typeof Answer> {
  try {
    return Answer.parse(JSON.parse(written.toString()));
  } catch {
    return { problem: "reading it broke off: it may be damaged" };
  }
}

/** From source the library is read from its folder; a manifest on the way tells how its modules are written. */
function flagsOf({ memoryMiB }: PdfLimits): string[] {
  const reads = [CHILD];
  if (IS_SOURCE) {
    const library = dirname(fileURLToPath(import.meta.resolve("unpdf")));
    reads.push(join(library, ".."), join(import.meta.dirname, "../../../package.json"));
  }
  return [
    "--no-warnings",
    "--disallow-code-generation-from-strings",
    `--max-old-space-size=${memoryMiB}`,
    "--permission",
    ...reads.map((path) => `--allow-fs-read=${path}`),
  ];
}
