import { expect, it } from "vitest";
import { rangeReader } from "../../lib/pictures/range-reader.ts";
import type { ObjectStore } from "../../lib/ports.ts";

const CONTENT = Uint8Array.from({ length: 3_000 }, (_, at) => at % 251);

/** A store that holds one object, and fails the first so many times that it is read. */
function storeOf({ failures = 0 } = {}) {
  const asked: [number, number][] = [];
  const read: ObjectStore["read"] = async function* (_key, range) {
    const { start, end } = range ?? { start: 0, end: CONTENT.length };
    asked.push([start, end]);
    if (asked.length <= failures) throw new Error("the connection broke");
    yield CONTENT.subarray(start, end);
  };
  return { asked, read };
}

const ranges: [number, number][] = [
  [0, 100],
  [100, 250],
  [2_000, 3_000],
  [50, 120],
];

it("asks once for neighbours that are wanted at the same time", async () => {
  const store = storeOf();
  const read = rangeReader(store, "archive", { size: CONTENT.length });
  const found = await Promise.all(ranges.map(([start, end]) => read(start, end)));
  expect(found.map((one) => new Uint8Array(one))).toEqual(
    ranges.map(([start, end]) => CONTENT.subarray(start, end)),
  );
  expect(store.asked).toEqual([[0, 3_000]]);
});

it("asks again for what could not be read", async () => {
  const store = storeOf({ failures: 1 });
  const read = rangeReader(store, "archive", { size: CONTENT.length });
  const first = await Promise.allSettled([read(0, 100), read(100, 250)]);
  expect(first.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(new Uint8Array(await read(0, 100))).toEqual(CONTENT.subarray(0, 100));
});

it("gives what there is where an object ends early", async () => {
  const read = rangeReader(storeOf(), "archive", { size: Number.MAX_SAFE_INTEGER });
  expect(new Uint8Array(await read(2_900, 3_100))).toEqual(CONTENT.subarray(2_900));
});
