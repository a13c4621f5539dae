import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { groupOf, keys } from "../contracts/keys.ts";
import { type PublishShards, SHARDS_A_MESSAGE } from "../contracts/messages.ts";
import { type FileName, type Hash, ShardIndex, type TaskName } from "../contracts/names.ts";
import type { Run, Source } from "../contracts/objects.ts";
import { unpackVotes } from "../contracts/votes.ts";
import { loadEndLabeler } from "../end-model/load-end-model.ts";
import { DamagedObjectError } from "../errors.ts";
import { batches, groupsOf, isComplete, sizeOfGroup } from "../fan-in.ts";
import type { ObjectStore, Ports } from "../ports.ts";
import { loadProgramSet, loadRun, loadSource, loadVerification } from "../run-objects.ts";
import { successOf } from "../success.ts";
import { loadWanted } from "../wanted.ts";
import { type BatchNotes, mergedNotes, notesOf, notesUnder, packNotes } from "./batch-notes.ts";
import { finish, type PublishSettings } from "./finish.ts";
import { partOf, publishedShard } from "./published-shard.ts";
import { routedByShard } from "./routed-labels.ts";

type PublishPorts = Pick<Ports, "store" | "report" | "now">;

/**
 * publish: a batch of shards with their pseudolabels → parts of the outbox; the last batch writes what is beside them.
 *
 * Parts of all runs of a data file have the same keys. So a batch looks which run is wanted before it writes and after:
 * where another took its place meanwhile, that run's batch is written once more, and the last word is the wanted run's.
 */
export async function* publishShards(
  message: PublishShards,
  ports: PublishPorts,
  settings: PublishSettings,
): AsyncGenerator<PublishShards> {
  const { store } = ports;
  const { task, run: hash, batch } = message;
  const run = await loadRun(store, task, hash);
  const wanted = await loadWanted(store, task, run.name);
  if (wanted?.run !== hash) return yield* repaired(message, run, ports);
  const source = await loadSource(store, task, run.source);
  if (source === undefined) throw new DamagedObjectError(keys.source(task, run.source));

  await unmarkOther(task, run.name, hash, store);
  const set = await loadProgramSet(store, task, run.set);
  const fitted = await loadAggregateResult(store, task, hash);
  const verified = await loadVerification(store, task, hash, wanted.edition);
  if (verified === undefined) return; // A message of an earlier edition: `verify` sends every batch when it is done.
  const endLabel = await loadEndLabeler(store, task, hash, run, fitted.balance);
  const labeling = { run, source, set, fitted, endLabel, routed: routedByShard(verified.labels) };
  const notes: BatchNotes[] = [];
  for (const [position, address] of message.hashes.entries()) {
    const index = ShardIndex.parse(batch * SHARDS_A_MESSAGE + position);
    const { columns, rows } = unpackVotes(await store.get(keys.votes(task, address, run.set)));
    const block = await store.get(keys.shard(task, run.source, index));
    const shard = await publishedShard(labeling, { index, block, columns });
    await store.put(keys.part(task, run.name, index, run.outputFormat), partOf(shard, run));
    notes.push(notesOf(shard, columns, block));
    ports.report({ stage: "publish", rows });
  }
  const mark = keys.published(task, hash, wanted.edition, batch);
  await store.put(mark, packNotes(mergedNotes(notes, run.classes.length)));
  if (await isLast(message, wanted.edition, { source, run }, ports)) {
    const written = { run, hash, source, edition: wanted.edition, verified };
    const missing = await finish(task, written, ports, settings);
    for (const part of batches(source)) {
      if (missing.has(part.batch)) yield { stage: "publish", task, run: hash, ...part };
    }
  }
  const after = await loadWanted(store, task, run.name);
  if (after?.run !== hash || after.edition !== wanted.edition) yield* repaired(message, run, ports);
}

/** From here until the last part is written the folder is a mix of two runs, and must not look complete. */
async function unmarkOther(task: TaskName, name: FileName, run: Hash, store: ObjectStore): Promise<void> {
  const success = await successOf(store, task, name);
  if (success && success.run !== run) await store.delete(keys.success(task, name));
}

/** Whether every part is written: this batch's group first, then all groups. */
async function isLast(
  { task, run, batch }: PublishShards,
  edition: number,
  { source, run: { classes } }: { source: Source; run: Run },
  { store }: Pick<Ports, "store">,
): Promise<boolean> {
  const shards = source.shards.length;
  const group = groupOf(batch);
  const expected = sizeOfGroup(shards, group);
  const marks = keys.publishedOf(task, run, edition, group);
  if (!(await isComplete(store, marks, expected))) return false;
  const whole = keys.publishedGroup(task, run, edition, group);
  if ((await store.head(whole)) === undefined) {
    await store.put(whole, packNotes(await notesUnder(store, marks, classes.length)));
  }
  return isComplete(store, keys.publishedGroupsOf(task, run, edition), groupsOf(shards));
}

/** The batch in this one's place of the run that is wanted now; nothing while that is not verified, and so not published. */
async function* repaired(
  { task, batch }: PublishShards,
  { name }: Run,
  { store }: Pick<Ports, "store">,
): AsyncGenerator<PublishShards> {
  const wanted = await loadWanted(store, task, name);
  if (!wanted) return;
  if ((await store.head(keys.verification(task, wanted.run, wanted.edition))) === undefined) return;
  const run = await loadRun(store, task, wanted.run);
  const all = [...batches((await loadSource(store, task, run.source)) ?? { shards: [] })];
  // A shorter run has no such batch: its last one finishes anew, and takes away what is not its own.
  const same = all[Math.min(batch, all.length - 1)];
  if (same) yield { stage: "publish", task, run: wanted.run, ...same };
}
