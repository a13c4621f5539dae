import fc from "fast-check";
import { expect, it } from "vitest";
import { hashOf } from "../../lib/contracts/hash.ts";
import { sampledRows } from "../../lib/verify/sampled-rows.ts";

const sourceOf = (...rows: number[]) => ({
  shards: rows.map((count, shard) => ({ hash: hashOf(String(shard)), rows: count })),
});

it("draws rows that are there, none twice, and all of a small source", () => {
  const anyShards = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(anyShards, fc.nat({ max: 120 }), fc.nat(), (shards, count, seed) => {
      const drawn = sampledRows(sourceOf(...shards), count, seed);
      const rows = shards.reduce((sum, one) => sum + one, 0);
      expect(drawn).toHaveLength(Math.min(count, rows));
      expect(new Set(drawn.map(({ shard, row }) => `${shard} ${row}`)).size).toBe(drawn.length);
      for (const { shard, row } of drawn) expect(row).toBeLessThan(shards[shard]);
    }),
  );
});

it("begins a larger sample with the smaller one, so that its replies are paid for once", () => {
  const source = sourceOf(20_000, 7_000);
  expect(sampledRows(source, 200, 7).slice(0, 100)).toEqual(sampledRows(source, 100, 7));
});

it("draws each row as often as any other", () => {
  const hits = new Array<number>(20).fill(0);
  for (let seed = 0; seed < 4_000; seed++) {
    for (const { shard, row } of sampledRows(sourceOf(12, 8), 5, seed)) hits[shard * 12 + row] += 1;
  }
  // 1,000 each, and 27 of standard deviation: five of them.
  for (const count of hits) expect(Math.abs(count - 1_000)).toBeLessThan(137);
});
