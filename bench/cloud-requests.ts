import { headerOf } from "../lib/adapters/isolates/chunks.ts";
import { ABSTAIN } from "../lib/contracts/columns.ts";
import { batchesOf } from "../lib/fan-in.ts";
import { Settings } from "../lib/infra/settings.ts";
import { type StageId, stageIds } from "../lib/infra/stage-settings.ts";
import type { ProgramRunner } from "../lib/ports.ts";
import { countedCloud, type StageUse } from "./cloud-run.ts";

/** What stages used for a data file of so many shards. */
export interface CountedRun {
  name: string;
  shards: number;
  programs: number;
  use: Record<StageId, StageUse>;
}

const ROWS_A_SHARD = 2;
const TASK = {
  name: "bench",
  description: "a bench",
  classes: ["positive", "negative"],
  input: { text: "text", id: "id" },
  synthesis: { programs: 0 },
};

/** Votes without running anything: here only requests count. */
const runner: ProgramRunner = {
  run: async ({ programs, columns, fresh }) => {
    const { rows } = headerOf(columns);
    return programs.map(({ hash }) => {
      const seed = Number.parseInt(hash.slice(0, 8), 16);
      // Where programs are screened they must vote alike in whatever order rows come, and not for one class always.
      const voteOn = (row: number) => (fresh ? ABSTAIN : (((seed >>> (row % 16)) + row) % 3) - 1);
      const votes = Int8Array.from({ length: rows }, (_, row) => voteOn(row));
      return {
        votes,
        faults: { error: 0, badReturn: 0, timeout: 0, killed: 0, compile: 0 },
        first: {},
        cpuMs: 0,
      };
    });
  },
};

const rowsOf = (shards: number): string =>
  `id,text\n${Array.from({ length: shards * ROWS_A_SHARD }, (_, row) => `${row},row number ${row}\n`).join("")}`;

const programOf = (index: number, edition = 1): string =>
  `function label(row) { return row.text.length % ${index + 2} === ${edition % 2} ? "positive" : "negative"; }`;

const kept = Settings.parse({}).concurrency;
const neverKept = Object.fromEntries(stageIds.map((stage) => [stage, 0])) as typeof kept;

function openCloud(programs: number, environments = kept) {
  const cloud = countedCloud({ runner, environments });
  for (let index = 0; index < programs; index++) {
    cloud.drop(`inbox/bench/programs/program-${index}.js`, programOf(index));
  }
  cloud.drop("inbox/bench/task.json", JSON.stringify(TASK));
  return cloud;
}

async function fresh(name: string, shards: number, programs: number, environments = kept) {
  const cloud = openCloud(programs, environments);
  await cloud.settle();
  cloud.drop("inbox/bench/data/rows.csv", rowsOf(shards));
  const use = await cloud.settle();
  report({ name, shards, programs, use });
  return cloud;
}

function report(run: CountedRun): void {
  const batches = batchesOf(run.shards);
  const { calls } = run.use.publish;
  if (calls !== batches) throw new Error(`${run.name}: ${calls} batches published instead of ${batches}`);
  process.send?.(run);
}

const [plan, ...sizes] = process.argv.slice(2);
if (plan === "sizes") for (const shards of sizes) await fresh("first run", Number(shards), 10);
if (plan === "bounds") {
  const cloud = await fresh("first run", 10_000, 10);
  cloud.drop("inbox/bench/programs/program-3.js", programOf(3, 2));
  report({ name: "a program edited", shards: 10_000, programs: 10, use: await cloud.settle() });
  cloud.drop("inbox/bench/data/rows.csv", rowsOf(10_100));
  report({ name: "100 shards appended", shards: 10_100, programs: 10, use: await cloud.settle() });
  for (const programs of [5, 10, 20]) await fresh("first run", 1_000, programs);
  await fresh("no environment kept", 1_000, 10, neverKept);
  await fresh("no environment kept", 4_000, 10, neverKept);
}
process.disconnect();
