import { readFileSync } from "node:fs";

/** Clock ticks a second and bytes a page, as Linux has them on every processor that Node runs on here. */
const TICKS = 100;
const PAGE_BYTES = 4_096;

/**
 * CPU time and resident memory of another process, as the kernel counts them: a child that a program has taken over
 * may say of itself what it likes. Undefined where there is no /proc, or no such process.
 */
export function processUsage(pid: number): { cpuMs: number; memoryMiB: number } | undefined {
  try {
    // After the name in parentheses: state, parent, …, user and system time.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    return {
      cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS,
      memoryMiB: (pages * PAGE_BYTES) / 2 ** 20,
    };
  } catch {
    return undefined;
  }
}
