import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { unpackTar } from "../../lib/pictures/unpacked-tar.ts";
import { memoryStore } from "../support/memory-store.ts";

it("is refused where it unpacks to far more than pictures do", async () => {
  const bomb = gzipSync(Buffer.alloc(2 ** 30 + 1), { level: 1 });
  const store = memoryStore({ bomb });
  const unpacking = unpackTar(store, { key: "bomb", size: bomb.length, to: "unpacked" }, "data/p.tgz");
  await expect(unpacking).rejects.toThrow(/unpack to more than 1073741824, as no pictures do/);
  expect(await store.head("unpacked")).toBeUndefined();
});
