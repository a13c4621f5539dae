import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Hash } from "../../lib/contracts/names.ts";
import { rowPosteriorOf } from "../../lib/end-model/linear-model.ts";
import { packEndModel } from "../../lib/end-model/model-file.ts";
import { READER } from "../../lib/end-model/reader.ts";
import { trainingSet, trainLinear } from "../../lib/end-model/train-linear.ts";

interface Answer {
  probabilities: Record<string, number>;
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .array(fc.constantFrom("free", "see you", "東京", "!", "👍", "Ａ", "10"), { maxLength: 6 })
    .map((words) => words.join(" ")),
);
const anyRow = fc.record({
  text: anyText,
  mass: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  island: fc.constantFrom("Biscoe", "Dream", "<=50K", ">50K"),
  isNew: fc.boolean(),
  nested: fc.jsonValue({ maxDepth: 3 }),
});

const { labeler } = await import(`data:text/javascript,${encodeURIComponent(READER)}`);

it("labels any row as the run does, in code that needs nothing", () => {
  const { set, add } = trainingSet(3);
  const rows = fc.sample(anyRow, { numRuns: 300, seed: 3 });
  for (const [row, one] of rows.entries()) add(one, row % 3, false);
  const { model } = trainLinear(set);
  const label: (row: object | string) => Answer = labeler(JSON.parse(packEndModel(model, ["a", "b", "c"])));
  const posterior = rowPosteriorOf(model);
  const out = new Float64Array(3);
  fc.assert(
    fc.property(fc.oneof(anyRow, fc.constantFrom(...rows)), (row) => {
      posterior(row, out);
      const { a, b, c } = label(row).probabilities;
      expect([a, b, c]).toEqual([...out].map((one) => expect.closeTo(one, 9)));
    }),
  );
  posterior({ text: "free for you" }, out);
  expect(label("free for you")).toEqual(label({ text: "free for you" }));
  expect(label("free for you").probabilities.a).toBeCloseTo(out[0], 9);
});

describe("a model over pictures", () => {
  const anyVector = fc.float32Array({ minLength: 5, maxLength: 5, noNaN: true, noDefaultInfinity: true });
  const { set, add } = trainingSet(3);
  const vectors = fc.sample(anyVector, { numRuns: 300, seed: 3 });
  for (const [row, one] of vectors.entries()) add(one, row % 3, false);
  const { model } = trainLinear(set);
  const card = { name: "clip-vit-b-32", hash: Hash.parse("0".repeat(32)), embeddingSize: 5 };
  const label = labeler(JSON.parse(packEndModel(model, ["a", "b", "c"], card)));

  it("labels any embedding as the run does, however long it is and whatever holds it", () => {
    const posterior = rowPosteriorOf(model);
    const out = new Float64Array(3);
    fc.assert(
      fc.property(anyVector, (vector) => {
        posterior(vector, out);
        const expected = [...out].map((one) => expect.closeTo(one, 9));
        for (const given of [vector, [...vector], Float64Array.from(vector, (value) => 3 * value)])
          expect(Object.values(label(given).probabilities)).toEqual(expected);
      }),
    );
  });

  it.each([[[1, 2]], ["a text"], [{ text: "a text" }]])("refuses %j, and says what it takes", (given) => {
    expect(() => label(given)).toThrow("Give an embedding of clip-vit-b-32: 5 numbers");
  });
});

it("refuses an embedding where it labels texts", () => {
  const { set, add } = trainingSet(2);
  for (let row = 0; row < 20; row++) add({ text: `word${row % 2}` }, row % 2, false);
  const label = labeler(JSON.parse(packEndModel(trainLinear(set).model, ["a", "b"])));
  expect(() => label(Float32Array.of(1))).toThrow("Give a text, or an object of columns");
});
