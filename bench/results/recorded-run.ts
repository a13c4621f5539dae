import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { droppedPrograms } from "../../lib/aggregate/dropped.ts";
import { type OpenPorts, openPorts } from "../../lib/cli/open-ports.ts";
import { ABSTAIN, unpackBlocks, unpackStrings } from "../../lib/contracts/columns.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { parsed } from "../../lib/contracts/objects.ts";
import { Receipt } from "../../lib/contracts/receipt.ts";
import { type LabeledFile, openLabeledFile, storedShard } from "../../lib/explain/labeled-file.ts";
import { dataFilesOf, type LocalTask, openTask } from "../../lib/local/open-task.ts";
import { labelFiles, RunFailedError, synthesizeTask } from "../../lib/local/run-task.ts";
import type { VotedRows } from "./quality.ts";

/** Programs with what they voted; the strategy of a program that somebody dropped is "own". */
export interface Voters extends VotedRows {
  programs: { id: string; hash: string; strategy: string }[];
}

/** A finished run of recorded programs, with everything it was made from at hand. */
export interface RecordedRun {
  local: LocalTask;
  open: OpenPorts;
  file: LabeledFile;
  receipt: Receipt;
  voters: Voters;
}

/** A task folder of its own that goes with the measurement. */
export interface ScratchTask extends Disposable {
  path: string;
}

const RECORDED = ["replies", ".alchemist/work/replies"];

/**
 * A copy of a task folder that finds every reply recorded in the original, shipped or paid for.
 *
 * @param data files to label instead of the folder's own, by name
 */
export function scratchTask(folder: string, data?: Record<string, string>): ScratchTask {
  const path = mkdtempSync(join(tmpdir(), "alchemist-results-"));
  cpSync(folder, path, { recursive: true, filter: (from) => !/[/\\](\.alchemist|bridge)$/.test(from) });
  for (const replies of RECORDED.map((place) => join(folder, place)).filter(existsSync)) {
    cpSync(replies, join(path, "replies"), { recursive: true });
  }
  if (data) {
    rmSync(join(path, "data"), { recursive: true, force: true });
    mkdirSync(join(path, "data"));
    for (const [name, text] of Object.entries(data)) writeFileSync(join(path, "data", name), text);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** Has the task ask by one strategy only, for as many programs as were its share: the same requests. */
export function keepStrategy(folder: string, strategy: string, programs: number): void {
  const path = taskFileIn(folder);
  const document = parseDocument(readFileSync(path, "utf8"));
  document.setIn(["synthesis", "strategies"], [strategy]);
  document.setIn(["synthesis", "programs"], programs);
  writeFileSync(path, document.toString());
}

const taskFileIn = (folder: string): string =>
  join(folder, readdirSync(folder).find((name) => /^task\.(ya?ml|json)$/.test(name)) ?? "task.yaml");

/** Where a run of that name is kept in a task's folder; one that is there is not run again. */
export const outOf = (folder: string, name: string): string => join(folder, ".results", name);

/**
 * Runs a task with its one data file from recordings alone, and hands the finished run to `use`.
 *
 * @throws an error with code `no-recording` where a reply is missing
 */
export async function withRecordedRun<T>(
  folder: string,
  out: string,
  use: (run: RecordedRun) => Promise<T>,
): Promise<T> {
  const local = await openTask(folder, { out: outOf(folder, out) });
  const [data, ...others] = await dataFilesOf(local);
  if (others.length > 0) throw new Error(`${folder}: expected one data file, found ${others.length + 1}`);
  const silent = { write: () => true };
  const io = { config: {}, environment: {}, stdout: silent, stderr: silent };
  const open = await openPorts(local, { llm: "recorded" }, io as unknown as Parameters<typeof openPorts>[2]);
  try {
    await synthesizeTask(local, open.ports, open.settings);
    const failures = await labelFiles(local, [data], open);
    if (failures.length > 0) throw new RunFailedError(failures);
    const { store, task } = local;
    const file = await openLabeledFile(store, task.name, data);
    const key = keys.receipt(task.name, file.run.name);
    const receipt = parsed(Receipt, await store.get(key), key);
    return await use({ local, open, file, receipt, voters: await votersOf(local, file) });
  } finally {
    await open.close();
  }
}

/** Votes and gold of all rows of a run; programs that count nowhere are left out. */
async function votersOf({ store, task }: LocalTask, file: LabeledFile): Promise<Voters> {
  const { run, source, set, fitted } = file;
  const parts: Int8Array[][] = [];
  const gold: number[] = [];
  for (const [at, { rows }] of source.shards.entries()) {
    const { votes, index } = await storedShard(store, file, at);
    const [, , packed] = unpackBlocks(await store.get(keys.shard(task.name, run.source, index)));
    for (const name of unpackStrings(packed, rows))
      gold.push(name === "" ? ABSTAIN : run.classes.indexOf(name));
    parts.push(votes.columns);
  }
  const counted = [...droppedPrograms(fitted.statistics).entries()].flatMap(([program, dropped]) =>
    dropped ? [] : [program],
  );
  return {
    classes: run.classes,
    gold: Int8Array.from(gold),
    columns: counted.map((program) => Int8Array.from(parts.flatMap((columns) => [...columns[program]]))),
    programs: counted.map((program) => {
      const { id, hash, origin } = set.programs[program];
      return { id, hash, strategy: origin.kind === "model" ? origin.strategy : "own" };
    }),
  };
}
