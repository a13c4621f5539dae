import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { keys } from "../contracts/keys.ts";
import { SHARDS_A_MESSAGE } from "../contracts/messages.ts";
import { type Hash, ShardIndex, type TaskName } from "../contracts/names.ts";
import type { Run, Source } from "../contracts/objects.ts";
import type { Success } from "../contracts/receipt.ts";
import type { ObjectStore, Ports } from "../ports.ts";
import type { Prices } from "../prices/prices.ts";
import { reportPage } from "../report/report-page.ts";
import { loadProgramSet } from "../run-objects.ts";
import { wantedEdition } from "../wanted.ts";
import { notesUnder } from "./batch-notes.ts";
import { cardOf } from "./card.ts";
import { baselineOf, driftOf, firstRun } from "./drift.ts";
import { receiptOf } from "./receipt.ts";

export interface PublishSettings {
  prices: Prices;
}

/** A run whose parts are all written. */
export interface WrittenRun {
  run: Run;
  hash: Hash;
  source: Source;
  edition: number;
}

/**
 * Writes what stands beside the parts (rejected rows, receipt, card, report), clears what an earlier run left, and _SUCCESS;
 * then says once that labels are ready.
 *
 * @returns batches of which a part is missing, taken away meanwhile by an earlier run's end or by a user: then nothing is said
 */
export async function finish(
  task: TaskName,
  { run, hash, source, edition }: WrittenRun,
  { store, report }: Pick<Ports, "store" | "report">,
  { prices }: PublishSettings,
): Promise<Set<number>> {
  const { name } = run;
  await store.put(keys.rejectedRows(task, name), concatenated(store, keys.rejectedOf(task, run.source)));
  const { description, meanings, model } = run.about;
  const file = {
    name: task,
    description,
    classes: run.classes.map((one, index) => ({ name: one, description: meanings[index] })),
    synthesis: { model },
  };
  const set = await loadProgramSet(store, task, run.set);
  const result = await loadAggregateResult(store, task, hash);
  const baseline = baselineOf(hash, run, result);
  const ids = set.programs.map(({ id }) => id);
  const drift = driftOf(await firstRun(store, task, run.set, baseline), baseline, ids);
  const receipt = receiptOf({ task: file, hash, run, source }, set, result, prices, drift);
  const notes = await notesUnder(store, keys.publishedGroupsOf(task, hash, edition), run.classes.length);
  await store.put(keys.receipt(task, name), `${JSON.stringify(receipt, null, 2)}\n`);
  await store.put(keys.card(task, name), cardOf(file, receipt));
  await store.put(keys.report(task, name), await reportPage({ task: file, receipt, set, result, notes }));
  // An earlier run, which woke up late, is not to take away or to say anything.
  if ((await wantedEdition(store, task, name, hash)) !== edition) return new Set();
  const missing = await tidyParts(task, run, source.shards.length, store);
  const before = await store.head(keys.success(task, name));
  if (missing.size > 0 || (await wantedEdition(store, task, name, hash)) !== edition) return missing;
  const success: Success = { run: hash, edition, rows: source.rows, parts: source.shards.length };
  // Another of this run's ends, or of the next run's, came first: what is left to do is theirs.
  if (!(await store.create(keys.success(task, name), `${JSON.stringify(success)}\n`, before?.version)))
    return missing;
  const ready = { task, name, labels: keys.labelsOf(task, name), ...success };
  if (await store.create(keys.ready(task, name, hash, edition), `${JSON.stringify(ready)}\n`)) {
    report({ stage: "ready", labels: keys.labelsOf(task, name) });
    if (drift) report({ stage: "drift", findings: drift.findings.map(({ what }) => what) });
  }
  return missing;
}

/** Takes other runs' parts away. @returns batches whose own parts are not all there */
async function tidyParts(task: TaskName, run: Run, shards: number, store: ObjectStore): Promise<Set<number>> {
  const own = new Map(
    Array.from({ length: shards }, (_, index) => [
      keys.part(task, run.name, ShardIndex.parse(index), run.outputFormat) as string,
      Math.floor(index / SHARDS_A_MESSAGE),
    ]),
  );
  for await (const { key } of store.list(keys.partsOf(task, run.name))) {
    if (!own.delete(key)) await store.delete(key);
  }
  return new Set(own.values());
}

async function* concatenated(store: ObjectStore, prefix: string): AsyncGenerator<Uint8Array> {
  for await (const { key } of store.list(prefix)) yield await store.get(key);
}
