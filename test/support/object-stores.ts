import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { folderStore } from "../../lib/adapters/local/folder-store.ts";
import type { ObjectStore } from "../../lib/ports.ts";
import { awsServer } from "./aws-server.ts";
import { memoryStore } from "./memory-store.ts";

/** Every adapter of the object store, each call opening an empty one for keys under `work/`. */
export async function objectStores() {
  const server = await awsServer();
  const client = new S3Client(server.clientSettings);
  const root = await mkdtemp(join(tmpdir(), "object-store-"));
  let opened = 0;

  const openFolder = () => {
    const folder = join(root, String(++opened));
    return folderStore({ mounts: { "work/": join(folder, "work") }, scratch: join(folder, "half-written") });
  };
  const openBucket = () => {
    const bucket = `bucket-${++opened}`;
    server.createBucket(bucket);
    return s3ObjectStore(client, bucket);
  };
  const adapters: [string, () => ObjectStore][] = [
    ["memory", memoryStore],
    ["folder", openFolder],
    ["s3", openBucket],
  ];
  return {
    adapters,
    async close() {
      client.destroy();
      await server[Symbol.asyncDispose]();
      await rm(root, { recursive: true });
    },
  };
}

/** A stream as text. */
export async function streamedText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

/** The keys that a listing gives. */
export async function listedKeys(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

/** Stores an object under each key. */
export async function putAll(store: ObjectStore, keys: string[]): Promise<void> {
  for (const key of keys) await store.put(key, key);
}
