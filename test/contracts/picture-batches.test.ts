import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashOf } from "../../lib/contracts/hash.ts";
import { embeddingBatches } from "../../lib/contracts/picture-batches.ts";
import type { PictureReference } from "../../lib/contracts/pictures.ts";

const picture = (name: string): PictureReference => ({ hash: hashOf(name), key: name, start: 0, length: 1 });
const many = Array.from({ length: 400 }, (_, index) => picture(`picture ${index}`));

describe("batches of pictures", () => {
  it("hold every picture once, in order, at most 32 of them", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (names) => {
        const batches = embeddingBatches(names.map(picture));
        expect(batches.flatMap(({ references }) => references.map(({ key }) => key))).toEqual(names);
        let first = 0;
        for (const batch of batches) {
          expect(batch.first).toBe(first);
          expect(batch.references.length).toBeLessThanOrEqual(32);
          first += batch.references.length;
        }
      }),
    );
  });

  it("are the same but for a few where a picture is put in anywhere", () => {
    const before = new Set(embeddingBatches(many).map(({ hash }) => hash));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: many.length }), fc.string(), (at, name) => {
        const after = embeddingBatches(many.toSpliced(at, 0, picture(`new ${name}`)));
        expect(after.filter(({ hash }) => !before.has(hash)).length).toBeLessThanOrEqual(4);
      }),
    );
  });
});
