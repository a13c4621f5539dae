import { expect, it } from "vitest";
import { addRow, featureTable } from "../../lib/end-model/feature-table.ts";
import { type FeatureRow, featureKinds, featureReader } from "../../lib/end-model/features.ts";
import { vectorizer, vocabularyOf } from "../../lib/end-model/vectors.ts";

const BITS = 18;
const kinds = featureKinds(BITS);
/** How many features a row has of each kind, and what its terms and numbers count. */
function kindsOf(row: FeatureRow) {
  const { ids, values } = featureReader(BITS, new Map(), true)(row);
  const of = (from: number, to: number) => values.filter((_, at) => ids[at] >= from && ids[at] < to);
  return {
    terms: of(0, kinds.properties).sort(),
    properties: of(kinds.properties, kinds.numbers).length,
    numbers: of(kinds.numbers, Number.POSITIVE_INFINITY),
  };
}

it.each([
  {
    name: "words and pairs of a text",
    row: { text: "a b a" },
    found: { terms: [1, 1, 1, 2], properties: 0, numbers: [] },
  },
  {
    name: "a short value of a column, with its words",
    row: { island: "Biscoe" },
    found: { terms: [1], properties: 1, numbers: [] },
  },
  {
    name: "a number, and that it is given",
    row: { mass: 3.5 },
    found: { terms: [], properties: 1, numbers: [3.5] },
  },
  { name: "truth values", row: { isNew: false }, found: { terms: [], properties: 1, numbers: [] } },
  {
    name: "what is in lists and objects",
    row: { a: { b: [1, 2] } },
    found: { terms: [], properties: 2, numbers: [1, 2] },
  },
  { name: "nothing of null", row: { mass: null }, found: { terms: [], properties: 0, numbers: [] } },
  {
    name: "no number that is none, but that one is given",
    row: { mass: Number.NaN },
    found: { terms: [], properties: 1, numbers: [] },
  },
  {
    name: "the numbers of a vector, brought to length 1, without saying of each that it is given",
    row: Float32Array.of(3, -4),
    found: { terms: [], properties: 0, numbers: [0.6, -0.8] },
  },
  {
    name: "nothing of a vector without a direction",
    row: Float32Array.of(0, 0),
    found: { terms: [], properties: 0, numbers: [] },
  },
  {
    name: "nothing of a vector with a number that is none",
    row: Float32Array.of(1, Number.NaN),
    found: { terms: [], properties: 0, numbers: [] },
  },
])("a row has $name", ({ row, found }) => {
  expect(kindsOf(row)).toEqual(found);
});

it("tells the same word in two columns apart", () => {
  const read = featureReader(BITS, new Map());
  expect(read({ text: "spam" }).ids).not.toEqual(read({ subject: "spam" }).ids);
});

it("bounds what one row can ask for, however deep and wide it is", () => {
  let deep: unknown = "end";
  for (let depth = 0; depth < 50_000; depth++) deep = { deep };
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, place) => [`n${place}`, place]));
  expect(kindsOf({ deep, wide }).numbers.length).toBeLessThanOrEqual(4_096);
});

it("weighs terms by how rare they are, brings them to length 1, and measures numbers in deviations", () => {
  const names = new Map<string, number>();
  const read = featureReader(BITS, names, true);
  const table = featureTable();
  for (const row of [{ text: "x x", mass: 1 }, { text: "x", mass: 3 }, { text: "" }])
    addRow(table, read(row));
  const vocabulary = vocabularyOf(table, BITS, [...names.keys()]);
  expect(vocabulary.numbers).toEqual([{ name: "mass", mean: 2, deviation: 1 }]);
  // "x" is in two rows of three, the pair "x x" in one: ln(4 / 3) + 1 and ln(4 / 2) + 1.
  const [common, rare] = [Math.log(4 / 3) + 1, Math.log(2) + 1];
  const { ids, values } = read({ text: "x x", mass: 99 });
  const kept = vectorizer(vocabulary)(ids, values);
  const length = Math.hypot((1 + Math.log(2)) * common, rare);
  const expected = [rare / length, 1, ((1 + Math.log(2)) * common) / length, 5].sort();
  expect(values.slice(0, kept).sort()).toEqual(expected.map((value) => expect.closeTo(value, 6)));
});

it("refuses a vector of another size", () => {
  const read = featureReader(BITS, new Map(), true);
  read(Float32Array.of(1, 2, 3));
  expect(() => read(Float32Array.of(1, 2))).toThrow("A vector of 2 numbers where others have 3");
});

it("measures vectors from their mean, all numbers by one deviation, so that their mean square length is 1", () => {
  const names = new Map<string, number>();
  const read = featureReader(BITS, names, true);
  const table = featureTable();
  for (const vector of [
    [0, 1],
    [0.6, 0.8],
    [-0.6, 0.8],
  ])
    addRow(table, read(Float32Array.from(vector)));
  const vocabulary = vocabularyOf(table, BITS, [...names.keys()], true);
  // Variances 0.24 and 0.08 / 9.
  const deviation = Math.sqrt(0.24 + 0.08 / 9);
  expect(vocabulary.numbers).toEqual([
    { name: "0", mean: expect.closeTo(0, 6), deviation: expect.closeTo(deviation, 6) },
    { name: "1", mean: expect.closeTo(2.6 / 3, 6), deviation: expect.closeTo(deviation, 6) },
  ]);
});

it("makes nothing of the rounding of vectors that are all alike", () => {
  const names = new Map<string, number>();
  const read = featureReader(BITS, names, true);
  const table = featureTable();
  for (let row = 0; row < 100; row++) addRow(table, read(Float32Array.of(0.1, 0.7, 0)));
  const { numbers } = vocabularyOf(table, BITS, [...names.keys()], true);
  expect(numbers.map(({ deviation }) => deviation)).toEqual([1, 1, 1]);
});

it("leaves out what was not met in training", () => {
  const vocabulary = vocabularyOf(featureTable(), BITS, []);
  const { ids, values } = featureReader(BITS, new Map())({ text: "unheard of", mass: 1 });
  expect(vectorizer(vocabulary)(ids, values)).toBe(0);
});
