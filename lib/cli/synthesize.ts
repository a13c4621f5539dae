import { join } from "node:path";
import { keys } from "../contracts/keys.ts";
import { CurrentSet, parsed } from "../contracts/objects.ts";
import { openTask } from "../local/open-task.ts";
import { synthesizeTask } from "../local/run-task.ts";
import { loadProgramSet } from "../run-objects.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { openPorts } from "./open-ports.ts";
import { announce } from "./plan.ts";

/** `alchemist synthesize`: the programs of a task, and what they cost. */
export async function synthesizeCommand(folder: string, options: TaskOptions, io: Io): Promise<void> {
  const local = await openTask(folder, { out: options.out, dataFiles: options.data });
  const open = await openPorts(local, options, io);
  try {
    if (open.live) await announce(local, [], options, io);
    await synthesizeTask(local, open.ports, open.settings);
  } finally {
    await open.close();
  }
  const key = keys.currentSet(local.task.name);
  const { set: hash } = parsed(CurrentSet, await local.store.get(key), key);
  const set = await loadProgramSet(local.store, local.task.name, hash);
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ...set, tally: open.tally })}\n`);
    return;
  }
  for (const { id, source } of set.programs) {
    io.stdout.write(`${id.padEnd(16)} admitted   ${source.split("\n").length} lines\n`);
  }
  for (const { id, reason } of set.rejected) io.stdout.write(`${id.padEnd(16)} rejected   ${reason}\n`);
  const { calls, replayed, usd } = open.tally;
  io.stdout.write(
    `\n${set.programs.length} programs in ${join(local.outbox, "programs")} · ${calls} calls, $${usd.toFixed(4)} now · ${replayed} replies replayed\n`,
  );
}
