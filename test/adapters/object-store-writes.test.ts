import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { ObjectStore } from "../../lib/ports.ts";
import { listedKeys, objectStores, streamedText } from "../support/object-stores.ts";

const MIB = 1024 * 1024;

const { adapters, close } = await objectStores();
afterAll(close);

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function* streamOf(...chunks: Uint8Array[]) {
  yield* chunks;
}

/** Yields the chunks, then fails as a source that breaks off. */
async function* brokenAfter(...chunks: Uint8Array[]) {
  yield* chunks;
  throw new Error("the source broke off");
}

/** Bytes that repeat with a period no part size is a multiple of. */
const patterned = (size: number) => Buffer.alloc(size, "0123456789abc");

describe.each(adapters)("ObjectStore contract: %s", (_name, open) => {
  let store: ObjectStore;

  beforeEach(() => {
    store = open();
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
      { name: "bytes", size: 9 * MIB, chunk: undefined },
      { name: "a stream", size: 9 * MIB, chunk: 3 * MIB },
      { name: "a stream in one chunk", size: 17 * MIB, chunk: 17 * MIB },
      { name: "a stream of exactly one part", size: 8 * MIB, chunk: 4 * MIB },
    ])("keeps a large body: $name", async ({ size, chunk }) => {
      const bytes = patterned(size);
      const pieces = chunk
        ? Array.from({ length: Math.ceil(size / chunk) }, (_, index) =>
            bytes.subarray(index * chunk, (index + 1) * chunk),
          )
        : undefined;
      await store.put("work/t/large", pieces ? streamOf(...pieces) : bytes);
      expect(bytes.equals(await store.get("work/t/large"))).toBe(true);
      expect(await streamedText(store.read("work/t/large", { start: 8 * MIB - 2, end: 8 * MIB + 2 }))).toBe(
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
        seen.push(await streamedText(store.read("work/t/object")));
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
      expect(await listedKeys(store, "work/")).toEqual(["work/t/object"]);
    });

    it("keeps names that XML and URLs would have to escape", async () => {
      const key = "work/t/a &amp; b+c%20d'\"?#ü.csv";
      await store.put(key, "kept");
      expect(Buffer.from(await store.get(key)).toString()).toBe("kept");
      expect(await listedKeys(store, "work/t/a &")).toEqual([key]);
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
      expect(await listedKeys(store, "work/")).toEqual([]);
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
});
