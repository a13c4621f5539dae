import { describe, expect, it } from "vitest";
import { mixedBits } from "../../lib/end-model/features.ts";
import { poolInto, rowPosteriorOf } from "../../lib/end-model/linear-model.ts";
import { packEndModel, unpackEndModel } from "../../lib/end-model/model-file.ts";
import { mostEntries, trainingSet, trainLinear } from "../../lib/end-model/train-linear.ts";
import { topicTexts } from "./texts.ts";

function trained(rows: number, wrong: number) {
  const { set, add } = trainingSet(2);
  for (const [row, { text, label }] of topicTexts(rows, { wrong }).entries())
    add({ text }, label, row % 5 === 0);
  return trainLinear(set);
}

/**
 * Vectors of two kinds by turns, which vary along few directions more than along many, as embeddings do; all share a direction, and
 * what tells kinds apart is less than chance.
 */
function vectors(rows: number): Float32Array[] {
  let drawn = 0;
  const next = () => mixedBits(++drawn, 30) / 2 ** 30 - 0.5;
  const spread = Array.from({ length: 500 }, (_, at) => 1 / Math.sqrt(at + 3));
  const apart = spread.map((one) => one * next());
  return Array.from({ length: rows }, (_, row) =>
    Float32Array.from(spread, (one, at) => (row % 2 === 0 ? apart[at] : -apart[at]) + one * 2 * next() + 0.1),
  );
}

/** Share of new rows that are given their topic. */
function accuracyOf(model: Parameters<typeof rowPosteriorOf>[0]): number {
  const posterior = rowPosteriorOf(model);
  const out = new Float64Array(2);
  const fresh = topicTexts(3_000).slice(2_000);
  const right = fresh.filter(({ text, topic }) => {
    posterior({ text }, out);
    return (out[1] > out[0] ? 1 : 0) === topic;
  });
  return right.length / fresh.length;
}

describe("training", () => {
  it("recovers what texts are about from labels of which a fifth are wrong, and says how far it agrees with them", () => {
    const { model, rows, heldOut, agreement } = trained(2_000, 0.2);
    expect([rows, heldOut]).toEqual([2_000, 400]);
    expect(agreement).toBeGreaterThan(0.73);
    expect(agreement).toBeLessThan(0.87);
    expect(accuracyOf(model)).toBeGreaterThan(0.95);
  });

  it("gives the same bytes from the same rows, and the same model from the bytes", () => {
    const bytes = packEndModel(trained(300, 0.1).model, ["a", "b"]);
    expect(packEndModel(trained(300, 0.1).model, ["a", "b"])).toBe(bytes);
    const { model } = trained(300, 0.1);
    expect(unpackEndModel(Buffer.from(bytes), "end-model.json")).toEqual(model);
  });

  it("learns from numbers, given or missing, and from properties", () => {
    const { set, add } = trainingSet(3);
    for (let row = 0; row < 300; row++) {
      const label = row % 3;
      add(
        label === 0 ? { mass: 40 + (row % 7) } : label === 1 ? { mass: 60 + (row % 7) } : { mass: null },
        label,
        false,
      );
    }
    const posterior = rowPosteriorOf(trainLinear(set).model);
    const labelOf = (row: Record<string, unknown>) => {
      const out = new Float64Array(3);
      posterior(row, out);
      return out.indexOf(Math.max(...out));
    };
    expect([labelOf({ mass: 41 }), labelOf({ mass: 63 }), labelOf({})]).toEqual([0, 1, 2]);
  });

  it.each([
    { rows: 20, wrong: 0 },
    { rows: 100, wrong: 0.3 },
    { rows: 500, wrong: 0.3 },
    { rows: 1_000, wrong: 0.3 },
  ])("learns from $rows vectors of 500 numbers, though $wrong of the labels are wrong", ({ rows, wrong }) => {
    const { set, add } = trainingSet(2);
    const drawn = vectors(rows + 500);
    for (const [row, vector] of drawn.slice(0, rows).entries())
      add(vector, (row >> 1) % 10 < 10 * wrong ? 1 - (row % 2) : row % 2, false);
    const posterior = rowPosteriorOf(trainLinear(set).model);
    const out = new Float64Array(2);
    const right = drawn.slice(rows).filter((vector, row) => {
      posterior(vector, out);
      return (out[1] > out[0] ? 1 : 0) === (rows + row) % 2;
    });
    expect(right.length / 500).toBeGreaterThan(0.95);
  });

  it("tells fewer terms apart where there are many classes, so that weights stay few", () => {
    expect([2, 8, 9, 127].map((classes) => trainingSet(classes).set.bits)).toEqual([18, 18, 17, 14]);
    expect(mostEntries(127, true)).toBeGreaterThan(2_000 * 768);
    expect(mostEntries(127, false) * 127).toBeLessThanOrEqual(2 ** 26);
  });

  it("says when there is no room for a row", () => {
    const { add } = trainingSet(2);
    let rows = 0;
    while (add({}, rows % 2, false)) rows += 1;
    expect(rows).toBe(100_000);
  });
});

it.each([
  {
    name: "keeps the votes' say where the row says nothing",
    votes: [0.8, 0.2],
    row: [0.5, 0.5],
    pooled: [0.8, 0.2],
  },
  { name: "adds up what both say", votes: [0.8, 0.2], row: [0.8, 0.2], pooled: [16 / 17, 1 / 17] },
  { name: "lets neither rule a class out alone", votes: [1, 0], row: [0, 1], pooled: [0.5, 0.5] },
])("pooling $name", ({ votes, row, pooled }) => {
  const out = Float64Array.from(row);
  poolInto(votes, out);
  expect([...out]).toEqual(pooled.map((one) => expect.closeTo(one, 9)));
});

it("names an end model that is damaged", () => {
  for (const bytes of ["", "{}", packEndModel(trained(50, 0).model, ["a", "b", "c"])]) {
    expect(() => unpackEndModel(Buffer.from(bytes), "work/end-model.json")).toThrow(
      "work/end-model.json is damaged or was written by another version. Remove it and run again.",
    );
  }
});
