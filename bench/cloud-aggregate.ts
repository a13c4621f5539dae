import type { S3Client } from "@aws-sdk/client-s3";
import { s3ObjectStore } from "../lib/adapters/aws/s3-object-store.ts";
import { aggregateGroup } from "../lib/aggregate/stage.ts";
import { GROUP_SIZE, keys } from "../lib/contracts/keys.ts";
import { SHARDS_A_MESSAGE } from "../lib/contracts/messages.ts";
import { BatchIndex, FileName, type Hash, TaskName } from "../lib/contracts/names.ts";
import { jsonBytes, parsed, Run, Source, Wanted } from "../lib/contracts/objects.ts";
import { batchesOf } from "../lib/fan-in.ts";
import { cpuSeconds } from "./cloud-cpu.ts";

/**
 * CPU seconds that `aggregate` needs for a full group of batches, from histograms of a real run: it is given each of
 * that run's again and again, as if its data file were longer.
 */
export async function groupSeconds(
  client: S3Client,
  upload: (key: string, body: Uint8Array) => void,
  { task: name, hash }: { task: string; hash: string },
): Promise<number> {
  const store = s3ObjectStore(client, "bench");
  const task = TaskName.parse(name);
  const runHash = hash as Hash;
  const run = parsed(Run, await store.get(keys.run(task, runHash)), "the run");
  const source = parsed(Source, await store.get(keys.source(task, run.source)), "the source");
  const batches = batchesOf(source.shards.length);
  const marks: Uint8Array[] = [];
  for (let batch = 0; batch < batches; batch++) {
    marks.push(await store.get(keys.labeled(task, runHash, BatchIndex.parse(batch))));
  }
  for (let batch = 0; batch < GROUP_SIZE; batch++) {
    upload(keys.labeled(task, runHash, BatchIndex.parse(batch)), marks[batch % batches]);
  }
  const shards = Array.from(
    { length: GROUP_SIZE * SHARDS_A_MESSAGE },
    (_, shard) => source.shards[shard % source.shards.length],
  );
  upload(keys.source(task, run.source), jsonBytes({ ...source, shards }));
  // Of the edition that was published nothing would be done again.
  const wantedKey = keys.wanted(task, FileName.parse(run.name));
  const wanted = parsed(Wanted, await store.get(wantedKey), "the wanted run");
  upload(wantedKey, jsonBytes({ ...wanted, edition: wanted.edition + 1 }));

  const before = cpuSeconds();
  const message = { stage: "aggregate", task, run: runHash, group: 0 } as const;
  let sent = 0;
  for await (const _ of aggregateGroup(message, { store, report: () => undefined })) sent += 1;
  if (sent !== 1) throw new Error(`aggregate sent ${sent} messages instead of the one to verify`);
  return cpuSeconds().own - before.own;
}
