import { isDeepStrictEqual } from "node:util";
import { runInNewContext } from "node:vm";
import { isolateRunner } from "../lib/adapters/isolates/isolate-runner.ts";
import { ABSTAIN, type Column, packColumns } from "../lib/contracts/columns.ts";
import type { Hardening } from "../lib/contracts/hardening.ts";
import type { ProgramRunner } from "../lib/ports.ts";
import { CLASSES, rowsOf, runnable, SOURCES } from "./mail-programs.ts";
import { cpuMs, median, peaksOfChildren } from "./measure.ts";

/**
 * Programs over real mail text, cut into short and long rows, and over numeric records: the sandbox, its start and all it
 * costs included, against the same functions in this very process. Reads CPU times from /proc, so it runs on Linux only.
 *
 *     npm run bench engine.bench          ROWS=20000 npm run bench engine.bench
 */
const ROWS = Number(process.env.ROWS ?? 100_000);
const RUNS = 3;
const FEATURES = 16;

/** Rules over a record of sixteen numbers, each a few comparisons: the least work that a program can be. */
const NUMERIC = [
  `function label(row) { return row.f0 > 0.7 ? "spam" : row.f1 < 0.2 ? "ham" : null; }`,
  `function label(row) { const sum = row.f2 + row.f3 + row.f4; return sum > 2 ? "spam" : sum < 1 ? "ham" : null; }`,
  `function label({ f5, f6 }) { return f5 > f6 * 1.5 ? "spam" : f6 > f5 * 1.5 ? "ham" : null; }`,
  `function label(row) { const x = 2 * row.f7 - 1.5 * row.f8 + 0.5 * row.f9 - 0.4; return 1 / (1 + Math.exp(-x)) > 0.6 ? "spam" : null; }`,
  `function label(row) { let high = 0; for (const name of ["f10", "f11", "f12", "f13"]) if (row[name] > 0.8) high++; return high >= 2 ? "spam" : high === 0 ? "ham" : null; }`,
  `function label(row) { if (row.f14 === null) return null; return row.f14 > 0.9 && row.f15 > 0.5 ? "spam" : row.f14 < 0.1 ? "ham" : null; }`,
  `function label(row) { if (row.f1 > 0.5) return row.f4 > 0.8 ? "spam" : null; return row.f6 < 0.15 ? "ham" : null; }`,
  `function label({ f0, f7, f14 }) { const mean = (f0 + f7 + f14) / 3; return Math.max(f0, f7, f14) - mean > 0.45 ? "spam" : mean < 0.2 ? "ham" : null; }`,
  `const CENTER = [0.2, 0.3, 0.8]; function label(row) { const distance = Math.hypot(row.f2 - CENTER[0], row.f9 - CENTER[1], row.f12 - CENTER[2]); return distance < 0.25 ? "ham" : distance > 0.9 ? "spam" : null; }`,
  `function label(row) { const least = Math.min(row.f3, row.f8, row.f11, row.f15); return least > 0.35 ? "ham" : least < 0.01 ? "spam" : null; }`,
];

/** Numbers of a fixed sequence in 0 … 1. */
function numbers(rows: number): Column[] {
  let state = 7;
  return Array.from({ length: FEATURES }, (_, index) => ({
    name: `f${index}`,
    kind: "number" as const,
    values: Float64Array.from({ length: rows }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    }),
  }));
}

/** The same functions called here, each with a row of its own, made as plainly as rows can be. */
function plainVotes(sources: readonly string[], columns: readonly Column[], rows: number): Int8Array[] {
  const values = columns.map(({ values }) => values);
  const makeRow = new Function(
    "values",
    "row",
    `return { ${columns.map(({ name }, index) => `${name}: values[${index}][row]`).join(", ")} };`,
  ) as (values: Column["values"][], row: number) => unknown;
  return sources.map((source) => {
    const label = new Function(`${source}\n;return label;`)() as (row: unknown) => string | null;
    return Int8Array.from({ length: rows }, (_, row) => {
      const answer = label(makeRow(values, row));
      return answer === null ? ABSTAIN : CLASSES.indexOf(answer);
    });
  });
}

/** The same in contexts of `node:vm`, which keep globals apart and nothing else. */
function vmVotes(rows: readonly string[]): Int8Array[] {
  return SOURCES.map((source) => {
    const label = runInNewContext(`${source}\n;label`) as (row: { text: string }) => string | null;
    return Int8Array.from(rows, (text) => {
      const answer = label({ text });
      return answer === null ? ABSTAIN : CLASSES.indexOf(answer);
    });
  });
}

/** Runs a job some times in one child, from the start of the process to its end. */
async function sandboxed(
  job: Parameters<ProgramRunner["run"]>[0],
  times: number,
  leastHardening: Hardening = "standard",
) {
  const start = cpuMs();
  const runner = isolateRunner({ children: 1, leastHardening });
  let outcomes = await runner.run(job);
  for (let time = 1; time < times; time++) outcomes = await runner.run(job);
  const [peakMiB] = peaksOfChildren();
  await runner.close();
  return { ms: cpuMs() - start, peakMiB, votes: outcomes.map(({ votes }) => votes) };
}

const text = (length: number, rows: number): Column[] => [
  { name: "text", kind: "text", values: rowsOf(length, rows) },
];
const subjects = [
  { name: "short rows", rows: ROWS, sources: SOURCES, columns: text(80, ROWS) },
  { name: "long rows", rows: ROWS / 10, sources: SOURCES, columns: text(1_200, ROWS / 10) },
  { name: "numeric records", rows: ROWS, sources: NUMERIC, columns: numbers(ROWS) },
];
for (const { name, rows, sources, columns } of subjects) {
  const job = { classes: CLASSES, programs: runnable(sources), columns: packColumns(columns, rows) };
  const plain: number[] = [];
  const cold: number[] = [];
  const warm: number[] = [];
  const strict: number[] = [];
  const paranoid: number[] = [];
  const vm: number[] = [];
  const peaks: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = cpuMs();
    const expected = plainVotes(sources, columns, rows);
    plain.push(cpuMs() - start);
    const once = await sandboxed(job, 1);
    const thrice = await sandboxed(job, 3);
    if (!isDeepStrictEqual(once.votes, expected))
      throw new Error("The sandbox votes otherwise than the functions");
    strict.push((await sandboxed(job, 1, "strict")).ms);
    paranoid.push((await sandboxed(job, 1, "paranoid")).ms);
    if (columns[0].kind === "text") {
      const vmStart = cpuMs();
      vmVotes(columns[0].values);
      vm.push(cpuMs() - vmStart);
    }
    cold.push(once.ms);
    warm.push((thrice.ms - once.ms) / 2);
    peaks.push(once.peakMiB, thrice.peakMiB);
  }
  const votes = (rows * sources.length) / 1_000;
  const line = (what: string, ms: number) =>
    `  ${what.padEnd(34)} ${Math.round(votes / (ms / 1_000))
      .toLocaleString("en")
      .padStart(6)} k votes / CPU-s   ${(median(plain) / ms).toFixed(2)} × plain`;
  console.log(`${rows.toLocaleString("en")} ${name} × ${sources.length} programs, median of ${RUNS}`);
  console.log(line("plain functions", median(plain)));
  console.log(line("sandbox, start of the child included", median(cold)));
  console.log(line("sandbox, child warm", median(warm)));
  console.log(line("sandbox at strict, start included", median(strict)));
  console.log(line("sandbox at paranoid, start included", median(paranoid)));
  if (vm.length > 0) console.log(line("node:vm contexts (no sandbox)", median(vm)));
  console.log(`  peak memory of the child ${Math.round(Math.max(...peaks))} MiB`);
}
