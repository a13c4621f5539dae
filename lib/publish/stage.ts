import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { posteriorOf } from "../aggregate/label-model.ts";
import { unpackBlocks } from "../contracts/columns.ts";
import { groupOf, keys } from "../contracts/keys.ts";
import type { PublishShard } from "../contracts/messages.ts";
import type { Source } from "../contracts/objects.ts";
import { unpackVotes } from "../contracts/votes.ts";
import { DamagedObjectError } from "../errors.ts";
import { groupsOf, isComplete, sizeOfGroup } from "../fan-in.ts";
import type { Ports } from "../ports.ts";
import { loadProgramSet, loadRun, loadSource } from "../run-objects.ts";
import { unpackRaw } from "../tables/raw-rows.ts";
import { writePart } from "../tables/write-part.ts";
import { finish, type PublishSettings } from "./finish.ts";
import { pseudolabelsOf } from "./pseudolabels.ts";

/** publish: one shard's rows with their pseudolabels → a part of the outbox; the last one writes what is beside them. */
export async function* publishShard(
  message: PublishShard,
  ports: Pick<Ports, "store" | "report">,
  settings: PublishSettings,
): AsyncGenerator<never> {
  const { store } = ports;
  const { task, run: hash, shard } = message;
  const run = await loadRun(store, task, hash);
  const source = await loadSource(store, task, run.source);
  if (source === undefined) throw new DamagedObjectError(keys.source(task, run.source));
  const { programs } = await loadProgramSet(store, task, run.set);
  const { model, balance } = await loadAggregateResult(store, task, hash);

  const names = { programs: programs.map(({ id }) => id), classes: run.classes };
  const votes = unpackVotes(await store.get(keys.votes(task, message.hash, run.set)));
  const { distinct, which } = pseudolabelsOf(votes.columns, names, posteriorOf(model), balance);
  const [, raw] = unpackBlocks(await store.get(keys.shard(task, run.source, shard)));
  const part = writePart(run.outputFormat, {
    rows: await unpackRaw(raw),
    header: source.header,
    distinct,
    which,
    name: run.outputName,
    ...names,
  });
  await store.put(keys.part(task, run.name, shard, run.outputFormat), part);
  await store.put(keys.published(task, hash, shard), "");
  ports.report({ stage: "publish", rows: votes.rows });

  if (await isLast(message, source, ports)) await finish(task, hash, { run, source }, store, settings);
}

/** Whether every part is written: this shard's group first, then all groups. */
async function isLast(
  { task, run, shard }: PublishShard,
  source: Source,
  { store }: Pick<Ports, "store">,
): Promise<boolean> {
  const shards = source.shards.length;
  const group = groupOf(shard);
  if (!(await isComplete(store, keys.publishedOf(task, run, group), sizeOfGroup(shards, group))))
    return false;
  await store.put(keys.publishedGroup(task, run, group), "");
  return isComplete(store, keys.publishedGroupsOf(task, run), groupsOf(shards));
}
