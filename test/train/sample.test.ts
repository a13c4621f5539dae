import { describe, expect, it } from "vitest";
import { hashOf } from "../../lib/contracts/hash.ts";
import { sampleOf } from "../../lib/train/sample.ts";

const sourceOf = (shards: number, rows: number, characters = 50) => ({
  rows: shards * rows,
  characters: shards * rows * characters,
  shards: Array.from({ length: shards }, (_, index) => ({ hash: hashOf(`shard ${index}`), rows })),
});
const taken = ({ shards, takes }: ReturnType<typeof sampleOf>, rows: number) =>
  shards.flatMap(({ hash }) => Array.from({ length: rows }, (_, row) => takes(hash, row))).filter(Boolean)
    .length;

describe("a sample", () => {
  it("is everything that there is room for", () => {
    const sample = sampleOf(sourceOf(5, 1_000), 2, 1);
    expect(taken(sample, 1_000)).toBe(5_000);
  });

  it("reads 64 shards at most, and of their rows about as many as training holds", () => {
    const sample = sampleOf(sourceOf(500, 20_000), 2, 0.5);
    expect(sample.shards).toHaveLength(64);
    // Half of the rows have a vote: of 200,000 about 100,000 can be learned from.
    expect(Math.abs(taken(sample, 20_000) - 200_000)).toBeLessThan(2_000);
  });

  it("takes fewer rows the longer they are, and the more classes there are", () => {
    const rows = (characters: number, classes: number) =>
      taken(sampleOf(sourceOf(5, 20_000, characters), classes, 1), 20_000);
    expect(rows(50, 2)).toBe(100_000);
    expect(rows(5_000, 2)).toBeLessThan(10_000);
    expect(rows(500, 100)).toBeLessThan(rows(500, 10) / 5);
  });

  it("takes of pictures more shards, and as many rows as their embeddings leave room for", () => {
    const taking = sampleOf(sourceOf(1_000, 270), 5, 1, 768);
    expect(taking.shards).toHaveLength(256);
    expect(Math.abs(taken(taking, 270) - 12_000_000 / 768)).toBeLessThan(500);
  });

  it("chooses by content, not by place", () => {
    const source = sourceOf(200, 20_000);
    const turned = { ...source, shards: source.shards.toReversed() };
    const hashes = (of: typeof source) => sampleOf(of, 2, 1).shards.map(({ hash }) => hash);
    expect(hashes(turned)).toEqual(hashes(source));
  });

  it("holds a fifth of the rows out, whichever are taken", () => {
    const { shards, isHeldOut } = sampleOf(sourceOf(2, 20_000), 2, 1);
    const out = shards.flatMap(({ hash }) =>
      Array.from({ length: 20_000 }, (_, row) => isHeldOut(hash, row)),
    );
    expect(Math.abs(out.filter(Boolean).length - 8_000)).toBeLessThan(300);
  });
});
