import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { droppedPrograms } from "../aggregate/dropped.ts";
import { labelShardWith } from "../aggregate/label-shard.ts";
import { unpackBlocks } from "../contracts/columns.ts";
import { groupOf, keys } from "../contracts/keys.ts";
import { type PublishShards, SHARDS_A_MESSAGE } from "../contracts/messages.ts";
import { type FileName, type Hash, ShardIndex, type TaskName } from "../contracts/names.ts";
import { jsonBytes, type Run, type Source } from "../contracts/objects.ts";
import { unpackVotes } from "../contracts/votes.ts";
import { addCounts, endLabeler, noCounts } from "../end-model/end-labels.ts";
import { loadEndModel } from "../end-model/load-end-model.ts";
import { DamagedObjectError } from "../errors.ts";
import { batches, groupsOf, isComplete, sizeOfGroup } from "../fan-in.ts";
import type { ObjectStore, Ports } from "../ports.ts";
import { loadProgramSet, loadRun, loadSource, loadVerification } from "../run-objects.ts";
import { successOf } from "../success.ts";
import { unpackRaw } from "../tables/raw-rows.ts";
import { writePart } from "../tables/write-part.ts";
import { loadWanted } from "../wanted.ts";
import { countsUnder } from "./end-counts.ts";
import { endPseudolabelsOf } from "./end-pseudolabels.ts";
import { finish, type PublishSettings } from "./finish.ts";
import { pseudolabelsOf } from "./pseudolabels.ts";
import { routedByShard, withRouted } from "./routed-labels.ts";

type PublishPorts = Pick<Ports, "store" | "report">;

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
  const { programs } = await loadProgramSet(store, task, run.set);
  const names = { programs: programs.map(({ id }) => id), classes: run.classes };
  const fitted = await loadAggregateResult(store, task, hash);
  const verified = await loadVerification(store, task, hash, wanted.edition);
  if (verified === undefined) return; // A message of an earlier edition: `verify` sends every batch when it is done.
  const routed = routedByShard(verified.labels);
  const dropped = droppedPrograms(fitted.statistics);
  const endModel = await loadEndModel(store, task, hash, run);
  const endLabel = endModel && endLabeler(endModel, fitted.balance);
  const counts = endModel && noCounts(run.classes.length);
  for (const [index, address] of message.hashes.entries()) {
    const shard = ShardIndex.parse(batch * SHARDS_A_MESSAGE + index);
    const votes = unpackVotes(await store.get(keys.votes(task, address, run.set)));
    const [columns, raw] = unpackBlocks(await store.get(keys.shard(task, run.source, shard)));
    const shardLabels = labelShardWith(votes.columns, dropped, fitted.model, fitted.balance);
    const ends = endLabel && endPseudolabelsOf(shardLabels, columns, endLabel, names);
    if (counts && ends) addCounts(counts, ends.counts);
    const { distinct, which } = ends ?? pseudolabelsOf(shardLabels, names);
    const part = writePart(run.outputFormat, {
      rows: await unpackRaw(raw),
      header: source.header,
      ...withRouted({ distinct, which }, routed.get(shard) ?? new Map(), run.classes),
      name: run.outputName,
      ...names,
    });
    await store.put(keys.part(task, run.name, shard, run.outputFormat), part);
    ports.report({ stage: "publish", rows: votes.rows });
  }
  await store.put(keys.published(task, hash, wanted.edition, batch), counts ? jsonBytes(counts) : "");
  if (await isLast(message, wanted.edition, source, run, ports)) {
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
  source: Source,
  { endModel, classes }: Run,
  { store }: Pick<Ports, "store">,
): Promise<boolean> {
  const shards = source.shards.length;
  const group = groupOf(batch);
  const expected = sizeOfGroup(shards, group);
  if (!(await isComplete(store, keys.publishedOf(task, run, edition, group), expected))) return false;
  const counts =
    endModel && (await countsUnder(store, keys.publishedOf(task, run, edition, group), classes.length));
  await store.put(keys.publishedGroup(task, run, edition, group), counts ? jsonBytes(counts) : "");
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
