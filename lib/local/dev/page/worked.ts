import { z } from "zod";

/** How far a data file is: rows by stage, and the same in words. */
export interface Worked {
  /** Of the whole file, as far as they are known. */
  rows: number;
  counts: Record<string, number>;
  stages: Record<string, string>;
  /** Share of the rows that are published, 0 to 1. */
  done: number;
}

const count = (rows: number) => rows.toLocaleString("en");

/** What a stage says of a run. A message that comes twice counts twice, so nothing goes beyond the whole. */
export function worked(file: Worked, stage: string, record: Record<string, unknown>): void {
  if (stage === "aggregate") {
    file.stages["label model"] = `${record.labelModel}, ${count(Number(record.patterns))} vote patterns`;
  } else if (stage === "train") {
    file.stages["end model"] = `${count(Number(record.rows))} rows`;
  } else if (stage === "verify") {
    const calls = Number(record.calls) + Number(record.replayed);
    file.counts.verify = (file.counts.verify ?? 0) + calls;
    file.stages.check = `${count(file.counts.verify)} calls`;
    return;
  }
  const name = ROWS.get(stage);
  if (name !== undefined) {
    const rows = (file.counts[stage] ?? 0) + Number(record.rows);
    file.counts[stage] = file.rows > 0 ? Math.min(file.rows, rows) : rows;
    file.stages[name] = `${count(file.counts[stage])} rows`;
    if (stage === "publish" && file.rows > 0) file.done = file.counts[stage] / file.rows;
  }
}

const ROWS = new Map([
  ["features", "pictures"],
  ["label", "vote"],
  ["publish", "publish"],
]);

const Named = z.object({ task: z.string() });

/** A message that failed is logged whole, beside no names of its own. */
export function taskNamed({ task, body }: Record<string, unknown>): string | undefined {
  if (typeof task === "string") return task;
  try {
    return Named.safeParse(JSON.parse(String(body))).data?.task;
  } catch {
    return undefined; // Not every message that fails is one of ours.
  }
}

/** Why a message failed, as its error says. */
export const reasonOf = ({ error, message }: Record<string, unknown>): string =>
  String(error !== null && typeof error === "object" && "message" in error ? error.message : message);
