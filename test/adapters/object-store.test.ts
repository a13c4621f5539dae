import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { ObjectStore } from "../../lib/ports.ts";
import { listedKeys, objectStores, putAll, streamedText } from "../support/object-stores.ts";

const { adapters, close } = await objectStores();
afterAll(close);

describe.each(adapters)("ObjectStore contract: %s", (_name, open) => {
  let store: ObjectStore;

  beforeEach(() => {
    store = open();
  });

  describe("reading", () => {
    beforeEach(() => store.put("work/t/object", "0123456789"));

    it("gets the whole object", async () => {
      expect(Buffer.from(await store.get("work/t/object")).toString()).toBe("0123456789");
    });

    it("finds the whole object", async () => {
      expect(Buffer.from((await store.find("work/t/object")) ?? []).toString()).toBe("0123456789");
    });

    it("streams the whole object", async () => {
      expect(await streamedText(store.read("work/t/object"))).toBe("0123456789");
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
      expect(await streamedText(store.read("work/t/object", range))).toBe(expected);
    });

    it.each([{ range: undefined }, { range: { start: 3, end: 7 } }])(
      "streams the version that was looked at, range $range",
      async ({ range }) => {
        const head = await store.head("work/t/object");
        const expected = "0123456789".slice(range?.start, range?.end);
        expect(await streamedText(store.read("work/t/object", range, head?.version))).toBe(expected);
      },
    );

    it("does not read another version to its end", async () => {
      const head = await store.head("work/t/object");
      await store.put("work/t/object", "abcdefghij");
      await expect(streamedText(store.read("work/t/object", undefined, head?.version))).rejects.toMatchObject(
        { code: "object-changed", key: "work/t/object" },
      );
    });

    it("lets a reader stop early", async () => {
      await store.put("work/t/large", Buffer.alloc(2 * 1024 * 1024));
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
        await expect(streamedText(store.read("work/t/nowhere", range))).rejects.toMatchObject({
          code: "object-not-found",
          key: "work/t/nowhere",
        });
      },
    );

    it("is not found, has no head and is not listed", async () => {
      expect(await store.find("work/t/nowhere")).toBeUndefined();
      expect(await store.head("work/t/nowhere")).toBeUndefined();
      expect(await listedKeys(store, "work/t/nowhere")).toEqual([]);
    });

    it("may stand before the slash of others", async () => {
      await putAll(store, ["work/t/folder/object"]);
      expect(await store.find("work/t/folder")).toBeUndefined();
      expect(await store.head("work/t/folder")).toBeUndefined();
      await store.delete("work/t/folder");
      expect(await listedKeys(store, "work/")).toEqual(["work/t/folder/object"]);
    });
  });

  describe("creating", () => {
    it("puts an object where there is none, and leaves one that is there", async () => {
      expect(await store.create("work/t/once", "first")).toBe(true);
      expect(await store.create("work/t/once", "second")).toBe(false);
      expect(Buffer.from(await store.get("work/t/once")).toString()).toBe("first");
    });

    it("lets one of several win", async () => {
      const tries = Array.from({ length: 8 }, (_, index) => store.create("work/t/once", String(index)));
      const created = await Promise.all(tries);
      expect(created.filter(Boolean)).toHaveLength(1);
      expect(Buffer.from(await store.get("work/t/once")).toString()).toBe(String(created.indexOf(true)));
    });

    it("replaces the version that was seen, and no other", async () => {
      await store.put("work/t/once", "first");
      const seen = (await store.head("work/t/once"))?.version ?? "";
      expect(await store.create("work/t/once", "second", seen)).toBe(true);
      expect(await store.create("work/t/once", "third", seen)).toBe(false);
      expect(Buffer.from(await store.get("work/t/once")).toString()).toBe("second");
    });

    it("lets one of several win that replace the same version", async () => {
      await store.put("work/t/once", "before");
      const seen = (await store.head("work/t/once"))?.version ?? "";
      const tries = Array.from({ length: 8 }, (_, index) => store.create("work/t/once", String(index), seen));
      const created = await Promise.all(tries);
      expect(created.filter(Boolean)).toHaveLength(1);
      expect(Buffer.from(await store.get("work/t/once")).toString()).toBe(String(created.indexOf(true)));
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
      await putAll(store, [
        "work/t/votes/1/x",
        "work/u",
        "work/t/votes-old",
        "work/t/run.json",
        "work/t/votes/0",
      ]);
      expect(await listedKeys(store, prefix)).toEqual(expected);
    });

    it("comes in the order of UTF-8 bytes", async () => {
      const keys = ["B", "a-b", "a.b", "a/b", "a0", "b", "ä", "ﬀ", "😀"].map((name) => `work/t/${name}`);
      await putAll(store, keys.toReversed());
      expect(await listedKeys(store, "work/t/")).toEqual(keys);
    });

    it("goes on after a page of 1,000", async () => {
      const keys = Array.from({ length: 1_003 }, (_, index) => `work/t/${String(index).padStart(5, "0")}`);
      await Promise.all(keys.map((key) => store.put(key, "")));
      expect(await listedKeys(store, "work/t/")).toEqual(keys);
    });
  });

  describe("deleting", () => {
    it("removes the object, and does nothing the second time", async () => {
      await putAll(store, ["work/t/a", "work/t/b"]);
      await store.delete("work/t/a");
      await store.delete("work/t/a");
      expect(await listedKeys(store, "work/t/")).toEqual(["work/t/b"]);
    });
  });
});
