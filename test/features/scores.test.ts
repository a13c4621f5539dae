import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Concept } from "../../lib/contracts/concepts.ts";
import { scoresColumn, scoresOf } from "../../lib/features/scores.ts";

const concepts: Concept[] = [
  { name: "beak", descriptions: ["long", "short"] },
  { name: "colour", descriptions: ["red", "green", "blue"] },
];

describe("scores", () => {
  it("are a softmax within each concept over logit scale × cosine", () => {
    const texts = new Float32Array([1, 0, 0, 1, 1, 0, 0, 1, -1, 0]);
    const found = scoresOf(new Float32Array([1, 0]), texts, concepts, Math.log(3));
    // e^ln 3 = 3 against e^0 = 1; then 3, 1 and 1/3.
    expect([...found]).toEqual([0.75, 0.25, 0.692308, 0.230769, 0.076923]);
  });

  it("add up to one within each concept, whatever the scale", () => {
    const anyVector = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
    const anyTexts = fc.array(anyVector, { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(
        anyVector,
        anyTexts,
        fc.double({ min: 0.1, max: 1_000, noNaN: true }),
        (picture, texts, scale) => {
          const [long, short, ...colours] = scoresOf(
            Float32Array.from(picture),
            Float32Array.from(texts.flat()),
            concepts,
            scale,
          );
          expect(long + short).toBeCloseTo(1, 5);
          expect(colours.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
        },
      ),
    );
  });

  it("are told to programs by concept and description, in the order of both, whatever they are called", () => {
    const odd: Concept[] = [
      { name: '"__proto__"', descriptions: ["a\nb", "2"] },
      { name: "second", descriptions: ["x", "y"] },
    ];
    const { name, kind, values } = scoresColumn(odd, [Float64Array.from([0.75, 0.25, 1, 0])]);
    expect({ name, kind, values }).toEqual({
      name: "scores",
      kind: "json",
      values: ['{"\\"__proto__\\"":{"a\\nb":0.75,"2":0.25},"second":{"x":1,"y":0}}'],
    });
  });
});
