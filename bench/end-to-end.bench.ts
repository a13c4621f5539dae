import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { parse } from "csv-parse";

/**
 * A million short rows through `alchemist run`, against a bare loop that reads the same file, calls the same ten
 * functions and writes the same columns. Prints seconds, CPU, peak memory of each process, and the ratio.
 *
 *     npm run bench end-to-end            1,000,000 rows
 *     ROWS=100000 npm run bench end-to-end
 */
const ROWS = Number(process.env.ROWS ?? 1_000_000);
const root = join(import.meta.dirname, "..");
const example = join(root, "examples", "review-sentences");
const folder = mkdtempSync(join(tmpdir(), "alchemist-bench-"));

const synthesized = join(folder, "synthesized");
execFileSync(
  process.execPath,
  ["bin/alchemist.ts", "synthesize", example, "--out", synthesized, "--llm", "recorded"],
  { cwd: root },
);
const programs = readdirSync(join(synthesized, "programs")).filter((name) => name.endsWith(".js"));
mkdirSync(join(folder, "data"));
mkdirSync(join(folder, "programs"));
for (const program of programs)
  cpSync(join(synthesized, "programs", program), join(folder, "programs", program));
writeFileSync(
  join(folder, "task.yaml"),
  `name: bench
description: a bench
classes: [positive, negative]
input: { text: text, id: id }
synthesis: { programs: 0 }
`,
);
await writeRows(join(folder, "data", "rows.csv"));

try {
  const bare = await measured(["bench/bare-loop.ts", folder]);
  const run = await measured(["bin/alchemist.ts", "run", folder]);
  const line = (name: string, { seconds, peaks }: Measured) =>
    `${name.padEnd(14)} ${seconds.toFixed(1).padStart(7)} s   ${Math.round(ROWS / seconds)
      .toLocaleString("en")
      .padStart(9)} rows/s   peak ${peaks.map((mib) => `${mib} MiB`).join(", ")}`;
  console.log(`${ROWS.toLocaleString("en")} rows, ${programs.length} programs`);
  console.log(line("bare loop", bare));
  console.log(line("alchemist run", run));
  console.log(`ratio          ${(run.seconds / bare.seconds).toFixed(2)} (bound: 3)`);
} finally {
  rmSync(folder, { recursive: true });
}

interface Measured {
  seconds: number;
  /** Peak resident memory by process, the first one the parent. */
  peaks: number[];
}

/** Runs Node and watches it and its children. */
async function measured(args: string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const peaks = new Map<number, number>();
  const watch = setInterval(() => {
    for (const pid of [child.pid ?? 0, ...childrenOf(child.pid ?? 0)]) {
      const mib = peakMiB(pid);
      if (mib > 0) peaks.set(pid, Math.max(mib, peaks.get(pid) ?? 0));
    }
  }, 50);
  const code = await new Promise((resolve) => child.on("exit", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code}`);
  return { seconds: (performance.now() - started) / 1_000, peaks: [...peaks.values()] };
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function peakMiB(pid: number): number {
  try {
    const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Math.round(Number(kib ?? 0) / 1_024);
  } catch {
    return 0;
  }
}

/** The example's sentences drawn at random, with fresh ids: in the same order again and again whole shards would repeat, and their votes be found. */
async function writeRows(path: string): Promise<void> {
  const texts: string[] = [];
  const records = createReadStream(join(example, "data", "sentences.csv.gz"))
    .pipe(createGunzip())
    .pipe(parse({ columns: true }));
  for await (const record of records) texts.push((record as { text: string }).text);
  const file = createWriteStream(path);
  file.write("id,text\n");
  let drawn = 1;
  for (let row = 0; row < ROWS; row++) {
    // Lehmer's generator: the same rows in every run.
    drawn = (drawn * 48_271) % 2_147_483_647;
    const text = texts[drawn % texts.length].replaceAll('"', '""');
    if (!file.write(`row-${row},"${text}"\n`))
      await new Promise<void>((resolve) => file.once("drain", () => resolve()));
  }
  await new Promise<void>((resolve) => file.end(() => resolve()));
}
