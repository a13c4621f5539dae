import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Hardening } from "../../contracts/hardening.ts";
import { scriptFromSource } from "./child-from-source.ts";
import { isolatesModule, montyModule } from "./native-modules.ts";

/** From source this file is .ts and so is the child; bundled, both have the ending of JavaScript. */
const ENDING = extname(import.meta.url);
const CHILD = new URL(`child${ENDING}`, import.meta.url);

let script: string | undefined;
/** Bundled, the child is one file, which it has to read; from source it comes on the command line. */
function entry(): { flags: string[]; reads: string[] } {
  if (ENDING !== ".ts") return { flags: [], reads: [fileURLToPath(CHILD)] };
  script ??= scriptFromSource(CHILD.href);
  return { flags: ["--eval", script], reads: [] };
}

/** What V8 does without at each level. */
const LEVELS: Record<Hardening, string[]> = {
  standard: [],
  strict: ["--no-turbofan", "--no-maglev"],
  paranoid: ["--jitless"],
};

/** Starts a process without environment, files or permissions. It ends with this one, however this one ends. */
export function spawnChild(hardening: Hardening): ChildProcessWithoutNullStreams {
  const native = [isolatesModule(), montyModule()].filter((path) => path !== undefined);
  const { flags: evaluated, reads } = entry();
  const flags = [
    "--no-node-snapshot",
    "--no-warnings",
    "--disallow-code-generation-from-strings",
    "--enable-experimental-regexp-engine-on-excessive-backtracks",
    // Unrolled, a loop such as `while (text.endsWith("x"));` loses the check that lets V8 interrupt it.
    "--no-turboshaft-loop-unrolling",
    // Threads that collect side by side cost more CPU time than they save in a heap as small as this.
    "--single-threaded-gc",
    ...LEVELS[hardening],
    "--permission",
    "--allow-addons",
    ...[...native, ...reads].map((path) => `--allow-fs-read=${path}`),
  ];
  return spawn(process.execPath, [...flags, ...evaluated, fileURLToPath(CHILD), ...native], {
    cwd: "/",
    env: { TZ: "UTC", LANG: "C" },
  });
}
