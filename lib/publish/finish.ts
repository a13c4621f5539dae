import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { keys } from "../contracts/keys.ts";
import { SHARDS_A_MESSAGE } from "../contracts/messages.ts";
import { type Hash, ShardIndex, type TaskName } from "../contracts/names.ts";
import type { Run, Source } from "../contracts/objects.ts";
import type { Success } from "../contracts/receipt.ts";
import type { Verification } from "../contracts/verdict.ts";
import { loadTrained } from "../end-model/load-end-model.ts";
import { READER } from "../end-model/reader.ts";
import type { ObjectStore, Ports } from "../ports.ts";
import type { Prices } from "../prices/prices.ts";
import { reportPage } from "../report/report-page.ts";
import { shownRows } from "../report/shown-rows.ts";
import { loadProgramSet } from "../run-objects.ts";
import { wantedEdition } from "../wanted.ts";
import { type BatchNotes, notesUnder } from "./batch-notes.ts";
import { cardOf } from "./card.ts";
import { baselineOf, driftOf, firstRun } from "./drift.ts";
import { receiptOf } from "./receipt.ts";
import { type ShownPicture, shownPictures } from "./shown-pictures.ts";
import { withUnreadable } from "./unreadable-pictures.ts";

export interface PublishSettings {
  prices: Prices;
}

/** A run whose parts are all written. */
export interface WrittenRun {
  run: Run;
  hash: Hash;
  source: Source;
  edition: number;
  verified: Verification;
}

/**
 * Writes what stands beside the parts (rejected rows, end model, receipt, card, report), clears what an earlier run left, and _SUCCESS;
 * then says once that labels are ready.
 *
 * @returns batches of which a part is missing, taken away meanwhile by an earlier run's end or by a user: then nothing is said
 */
export async function finish(
  task: TaskName,
  { run, hash, source, edition, verified }: WrittenRun,
  { store, report }: Pick<Ports, "store" | "report">,
  { prices }: PublishSettings,
): Promise<Set<number>> {
  const { name } = run;
  const trained = await loadTrained(store, task, hash, run);
  if (trained?.isTrained) {
    await store.put(keys.publishedEndModel(task, name), await store.get(keys.endModel(task, hash)));
    await store.put(keys.endModelReader(task, name), READER);
  }
  const notes = await notesUnder(store, keys.publishedGroupsOf(task, hash, edition), run.classes.length);
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
  const receipt = receiptOf(
    {
      task: file,
      hash,
      run,
      source: run.features ? await withUnreadable(store, task, run.source, source) : source,
      verified,
      drift,
    },
    set,
    result,
    prices,
    trained && { trained, counts: notes.counts },
  );
  await store.put(keys.receipt(task, name), `${JSON.stringify(receipt, null, 2)}\n`);
  await store.put(keys.card(task, name), cardOf(file, receipt));
  const pictures = await picturesOf(task, { run, source }, notes, result.labels, store);
  const page = await reportPage({ task: file, receipt, set, result, notes, pictures });
  await store.put(keys.report(task, name), page);
  // An earlier run, which woke up late, is not to take away or to say anything.
  if ((await wantedEdition(store, task, name, hash)) !== edition) return new Set();
  const missing = await tidy(task, run, source.shards.length, trained?.isTrained === true, store);
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

/** Pictures of the rows that the report shows. */
function picturesOf(
  task: TaskName,
  { run, source: { shards } }: Pick<WrittenRun, "run" | "source">,
  { rows }: BatchNotes,
  labels: readonly number[],
  store: ObjectStore,
): Promise<Map<number, ShownPicture>> | undefined {
  if (run.features === undefined) return undefined;
  const shown = Object.values(shownRows(rows, labels)).flat();
  const of = { address: run.source, shards, model: run.features.model.hash };
  return shownPictures(
    store,
    task,
    of,
    shown.map(({ row }) => row),
  );
}

/** Takes other runs' parts and end model away. @returns batches whose own parts are not all there */
async function tidy(
  task: TaskName,
  run: Run,
  shards: number,
  hasEndModel: boolean,
  store: ObjectStore,
): Promise<Set<number>> {
  const { name } = run;
  const models: string[] = hasEndModel
    ? []
    : [keys.publishedEndModel(task, name), keys.endModelReader(task, name)];
  const own = new Map(
    Array.from({ length: shards }, (_, index) => [
      keys.part(task, name, ShardIndex.parse(index), run.outputFormat) as string,
      Math.floor(index / SHARDS_A_MESSAGE),
    ]),
  );
  for await (const { key } of store.list(keys.labelsOf(task, name))) {
    const isOthers = key.startsWith(keys.partsOf(task, name)) ? !own.delete(key) : models.includes(key);
    if (isOthers) await store.delete(key);
  }
  return new Set(own.values());
}

async function* concatenated(store: ObjectStore, prefix: string): AsyncGenerator<Uint8Array> {
  for await (const { key } of store.list(prefix)) yield await store.get(key);
}
