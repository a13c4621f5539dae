import { isDeepStrictEqual } from "node:util";
import { isolateRunner } from "../lib/adapters/isolates/isolate-runner.ts";
import { packColumns } from "../lib/contracts/columns.ts";
import { CLASSES, rowsOf, runnable, SOURCES } from "./mail-programs.ts";
import { cpuMs, peaksOfChildren } from "./measure.ts";

/**
 * What the sandbox costs by its settings: start, chunk size, one child and two, and how much memory the largest rows
 * take. Every setting has to give the same votes.
 *
 *     npm run bench engine-shape          ROWS=10000 npm run bench engine-shape
 */
const ROWS = Number(process.env.ROWS ?? 60_000);
const columnsOf = (texts: string[]) =>
  packColumns([{ name: "text", kind: "text", values: texts }], texts.length);
const programs = runnable(SOURCES);
const texts = rowsOf(80, ROWS);
const job = { classes: CLASSES, programs, columns: columnsOf(texts) };

/** A job in a runner of its own, from the start of its children to their end. */
async function measured(one: typeof job, settings: Parameters<typeof isolateRunner>[0] = {}, times = 1) {
  const cpuBefore = cpuMs();
  const startMs = performance.now();
  const runner = isolateRunner({ children: 1, ...settings });
  const outcomes = await Promise.all(Array.from({ length: times }, () => runner.run(one)));
  const ms = performance.now() - startMs;
  const peaks = peaksOfChildren().map(Math.round);
  await runner.close();
  return { ms, cpuMs: cpuMs() - cpuBefore, peaks, votes: outcomes[0].map(({ votes }) => votes) };
}

const number = (value: number) => Math.round(value).toLocaleString("en").padStart(8);
const line = (what: string, rest: string) => console.log(`  ${what.padEnd(36)} ${rest}`);

console.log("start, one row");
const start = await measured({ ...job, columns: columnsOf(texts.slice(0, 1)) });
line("a child with ten programs", `${number(start.ms)} ms ${number(start.cpuMs)} CPU-ms`);

console.log(`${ROWS.toLocaleString("en")} short rows × ${SOURCES.length} programs`);
const usual = await measured(job);
const votes = ROWS * SOURCES.length;
for (const chunkRows of [256, 1_024, 4_096, 16_384, 65_536]) {
  const outcome = await measured(job, { limits: { chunkRows } });
  if (!isDeepStrictEqual(outcome.votes, usual.votes)) throw new Error(`Other votes: chunks of ${chunkRows}`);
  line(
    `chunks of ${chunkRows} rows`,
    `${number(votes / outcome.cpuMs)} k votes / CPU-s, peak of the child ${outcome.peaks.join(", ")} MiB`,
  );
}

console.log("four such jobs, by the clock");
const one = await measured(job, { children: 1 }, 4);
const two = await measured(job, { children: 2 }, 4);
line("one child", `${number(one.ms)} ms`);
line("two children", `${number(two.ms)} ms, ${(one.ms / two.ms).toFixed(2)} times as fast`);

console.log("memory, one job of the largest shard there is");
for (const { what, rows } of [
  { what: "20,000 rows of 210 characters", rows: rowsOf(210, 20_000) },
  {
    what: "a row of 2 Mi characters, the longest there can be",
    rows: ["free cash, lunch? ".repeat(2 ** 21 / 18), "short"],
  },
  { what: "the same with accents", rows: ["réunion à 10 h 🙂 ".repeat(2 ** 21 / 18), "short"] },
]) {
  const { peaks } = await measured({ ...job, columns: columnsOf(rows) });
  line(
    what,
    `${peaks.join(", ")} MiB in the child, ${Math.round(process.memoryUsage.rss() / 2 ** 20)} here, rows of this bench included`,
  );
}
