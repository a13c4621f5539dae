import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { folderStore } from "../../lib/adapters/local/folder-store.ts";
import type { ObjectStore } from "../../lib/ports.ts";
import { awsServer } from "../support/aws-server.ts";
import { memoryStore } from "../support/memory-store.ts";

const MIB = 1024 * 1024;

const server = await awsServer();
const client = new S3Client(server.clientSettings);
const root = await mkdtemp(join(tmpdir(), "object-store-"));
let opened = 0;

afterAll(async () => {
  client.destroy();
  await server[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

const adapters: [string, () => ObjectStore][] = [
  ["memory", memoryStore],
  [
    "folder",
    () => {
      const folder = join(root, String(++opened));
      return folderStore({
        mounts: { "work/": join(folder, "work") },
        scratch: join(folder, "half-written"),
      });
    },
  ],
  [
    "s3",
    () => {
      const bucket = `bucket-${++opened}`;
      server.createBucket(bucket);
      return s3ObjectStore(client, bucket);
    },
  ],
];

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function* streamOf(...chunks: Uint8Array[]) {
  yield* chunks;
}

/** Yields the chunks, then fails as a source that breaks off. */
async function* brokenAfter(...chunks: Uint8Array[]) {
  yield* chunks;
  throw new Error("the source broke off");
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

/** Bytes that repeat with a period no part size is a multiple of. */
const patterned = (size: number) => Buffer.alloc(size, "0123456789abc");

describe.each(adapters)("ObjectStore contract: %s", (_name, open) => {
  let store: ObjectStore;

  beforeEach(() => {
    store = open();
  });

  const listed = async (prefix: string) => {
    const keys: string[] = [];
    for await (const { key } of store.list(prefix)) keys.push(key);
    return keys;
  };

  const putAll = async (keys: string[]) => {
    for (const key of keys) await store.put(key, key);
  };

  describe("reading", () => {
    beforeEach(() => store.put("work/t/object", "0123456789"));

    it("gets the whole object", async () => {
      expect(Buffer.from(await store.get("work/t/object")).toString()).toBe("0123456789");
    });

    it("finds the whole object", async () => {
      expect(Buffer.from((await store.find("work/t/object")) ?? []).toString()).toBe("0123456789");
    });

    it("streams the whole object", async () => {
      expect(await textOf(store.read("work/t/object"))).toBe("0123456789");
    });

    it.each([
      { name: "from the first byte", range: { start: 0, end: 4 }, expected: "0123" },
      { name: "in the middle", range: { start: 3, end: 7 }, expected: "3456" },
      { name: "up to the last byte", range: { start: 7, end: 10 }, expected: "789" },
      { name: "that ends behind the last byte", range: { start: 7, end: 99 }, expected: "789" },
      { name: "that is empty", range: { start: 4, end: 4 }, expected: "" },
      { name: "that is empty at the very beginning", range: { start: 0, end: 0 }, expected: "" },
      { name: "that begins behind the last byte", range: { start: 10, end: 12 }, expected: "" },
    ])("streams a range $name", async ({ range, expected }) => {
      expect(await textOf(store.read("work/t/object", range))).toBe(expected);
    });

    it("lets a reader stop early", async () => {
      await store.put("work/t/large", patterned(2 * MIB));
      for await (const chunk of store.read("work/t/large")) {
        expect(chunk.byteLength).toBeGreaterThan(0);
        break;
      }
    });
  });

  describe("a missing key", () => {
    it("is named when it is got", async () => {
      await expect(store.get("work/t/nowhere")).rejects.toMatchObject({
        code: "object-not-found",
        key: "work/t/nowhere",
      });
    });

    it.each([{ range: undefined }, { range: { start: 0, end: 4 } }])(
      "is named when it is read, range $range",
      async ({ range }) => {
        await expect(textOf(store.read("work/t/nowhere", range))).rejects.toMatchObject({
          code: "object-not-found",
          key: "work/t/nowhere",
        });
      },
    );

    it("is not found, has no head and is not listed", async () => {
      expect(await store.find("work/t/nowhere")).toBeUndefined();
      expect(await store.head("work/t/nowhere")).toBeUndefined();
      expect(await listed("work/t/nowhere")).toEqual([]);
    });

    it("may stand before the slash of others", async () => {
      await putAll(["work/t/folder/object"]);
      expect(await store.find("work/t/folder")).toBeUndefined();
      expect(await store.head("work/t/folder")).toBeUndefined();
      await store.delete("work/t/folder");
      expect(await listed("work/")).toEqual(["work/t/folder/object"]);
    });
  });

  describe("writing", () => {
    it.each([
      { name: "text, as UTF-8", body: () => "naïve 😀", expected: "naïve 😀" },
      { name: "nothing", body: () => "", expected: "" },
      { name: "bytes", body: () => bytesOf("bytes"), expected: "bytes" },
      { name: "a view of a larger buffer", body: () => bytesOf("a view").subarray(2), expected: "view" },
      { name: "a stream", body: () => streamOf(bytesOf("a "), bytesOf("stream")), expected: "a stream" },
      { name: "an empty stream", body: () => streamOf(), expected: "" },
    ])("keeps $name", async ({ body, expected }) => {
      await store.put("work/t/object", body());
      expect(Buffer.from(await store.get("work/t/object")).toString()).toBe(expected);
      expect((await store.head("work/t/object"))?.size).toBe(Buffer.byteLength(expected));
    });

    it.each([
      { name: "bytes", size: 17 * MIB, chunk: undefined },
      { name: "a stream", size: 17 * MIB, chunk: 3 * MIB },
      { name: "a stream in one chunk", size: 17 * MIB, chunk: 17 * MIB },
      { name: "a stream of exactly two parts", size: 16 * MIB, chunk: 4 * MIB },
    ])("keeps a body larger than a part: $name", async ({ size, chunk }) => {
      const bytes = patterned(size);
      const pieces = chunk
        ? Array.from({ length: Math.ceil(size / chunk) }, (_, index) =>
            bytes.subarray(index * chunk, (index + 1) * chunk),
          )
        : undefined;
      await store.put("work/t/large", pieces ? streamOf(...pieces) : bytes);
      expect(bytes.equals(await store.get("work/t/large"))).toBe(true);
      expect(await textOf(store.read("work/t/large", { start: 8 * MIB - 2, end: 8 * MIB + 2 }))).toBe(
        bytes.subarray(8 * MIB - 2, 8 * MIB + 2).toString(),
      );
    });

    it("takes each chunk of a stream as it was when it came", async () => {
      const reused = Buffer.alloc(1);
      const digits = async function* () {
        for (const digit of "0123") {
          reused.write(digit);
          yield reused;
        }
      };
      await store.put("work/t/object", digits());
      expect(Buffer.from(await store.get("work/t/object")).toString()).toBe("0123");
    });

    it("is done with the caller's bytes when it returns", async () => {
      const body = Buffer.from("before");
      await store.put("work/t/object", body);
      body.write("after.");
      expect(Buffer.from(await store.get("work/t/object")).toString()).toBe("before");
    });

    it("shows readers the old object until the new one is complete", async () => {
      const seen: string[] = [];
      const watched = async function* () {
        yield patterned(9 * MIB);
        seen.push(await textOf(store.read("work/t/object")));
        yield bytesOf("the end");
      };
      await store.put("work/t/object", "old");
      await store.put("work/t/object", watched());
      expect(seen).toEqual(["old"]);
      expect((await store.head("work/t/object"))?.size).toBe(9 * MIB + 7);
    });

    it("replaces an object, also by a shorter one", async () => {
      await store.put("work/t/object", "the first and longer one");
      await store.put("work/t/object", "second");
      expect(Buffer.from(await store.get("work/t/object")).toString()).toBe("second");
      expect(await listed("work/")).toEqual(["work/t/object"]);
    });

    it("keeps names that XML and URLs would have to escape", async () => {
      const key = "work/t/a &amp; b+c%20d'\"?#ü.csv";
      await store.put(key, "kept");
      expect(Buffer.from(await store.get(key)).toString()).toBe("kept");
      expect(await listed("work/t/a &")).toEqual([key]);
      await store.delete(key);
      expect(await store.find(key)).toBeUndefined();
    });
  });

  describe("a stream that fails", () => {
    it.each([
      { name: "at once", chunks: [] },
      { name: "within the first part", chunks: [patterned(1_000)] },
      { name: "after the first part", chunks: [patterned(9 * MIB)] },
    ])("$name passes its error on and leaves no object", async ({ chunks }) => {
      await expect(store.put("work/t/object", brokenAfter(...chunks))).rejects.toThrow(
        new Error("the source broke off"),
      );
      expect(await store.find("work/t/object")).toBeUndefined();
      expect(await listed("work/")).toEqual([]);
    });

    it("leaves the object that was there", async () => {
      await store.put("work/t/object", "old");
      await expect(store.put("work/t/object", brokenAfter(patterned(9 * MIB)))).rejects.toThrow();
      expect(Buffer.from(await store.get("work/t/object")).toString()).toBe("old");
    });
  });

  describe("the head", () => {
    it("tells versions apart by content", async () => {
      const versionOf = async (body: string) => {
        await store.put("work/t/object", body);
        return (await store.head("work/t/object"))?.version;
      };
      const first = await versionOf("one");
      expect(first).toMatch(/./);
      expect(await versionOf("two")).not.toBe(first);
      expect(await versionOf("one")).toBe(first);
    });
  });

  describe("a listing", () => {
    it("gives keys with their sizes", async () => {
      await store.put("work/t/a", "1");
      await store.put("work/t/b", "22");
      const entries: { key: string; size: number }[] = [];
      for await (const entry of store.list("work/t/")) entries.push(entry);
      expect(entries).toEqual([
        { key: "work/t/a", size: 1 },
        { key: "work/t/b", size: 2 },
      ]);
    });

    it.each([
      { prefix: "work/t/votes/", expected: ["work/t/votes/0", "work/t/votes/1/x"] },
      { prefix: "work/t/vot", expected: ["work/t/votes-old", "work/t/votes/0", "work/t/votes/1/x"] },
      { prefix: "work/t/votes", expected: ["work/t/votes-old", "work/t/votes/0", "work/t/votes/1/x"] },
      { prefix: "work/t/votes/1", expected: ["work/t/votes/1/x"] },
      { prefix: "work/t/votes/1/x", expected: ["work/t/votes/1/x"] },
      { prefix: "work/t/votes/1/x/", expected: [] },
      { prefix: "work/u", expected: ["work/u"] },
    ])("gives what begins with $prefix, a folder's boundary or not", async ({ prefix, expected }) => {
      await putAll(["work/t/votes/1/x", "work/u", "work/t/votes-old", "work/t/run.json", "work/t/votes/0"]);
      expect(await listed(prefix)).toEqual(expected);
    });

    it("comes in the order of UTF-8 bytes", async () => {
      const keys = ["B", "a-b", "a.b", "a/b", "a0", "b", "ä", "ﬀ", "😀"].map((name) => `work/t/${name}`);
      await putAll(keys.toReversed());
      expect(await listed("work/t/")).toEqual(keys);
    });

    it("goes on after a page of 1,000", async () => {
      const keys = Array.from({ length: 1_003 }, (_, index) => `work/t/${String(index).padStart(5, "0")}`);
      await Promise.all(keys.map((key) => store.put(key, "")));
      expect(await listed("work/t/")).toEqual(keys);
    });
  });

  describe("deleting", () => {
    it("removes the object, and does nothing the second time", async () => {
      await putAll(["work/t/a", "work/t/b"]);
      await store.delete("work/t/a");
      await store.delete("work/t/a");
      expect(await listed("work/t/")).toEqual(["work/t/b"]);
    });
  });
});
