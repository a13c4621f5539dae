import fc from "fast-check";
import { expect, it } from "vitest";
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

it("labels any row as the run does, in code that needs nothing", async () => {
  const { set, add } = trainingSet(3);
  const rows = fc.sample(anyRow, { numRuns: 300, seed: 3 });
  for (const [row, one] of rows.entries()) add(one, row % 3, false);
  const { model } = trainLinear(set);
  const { labeler } = await import(`data:text/javascript,${encodeURIComponent(READER)}`);
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
