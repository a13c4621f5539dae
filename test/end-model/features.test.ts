import { expect, it } from "vitest";
import { addRow, featureTable } from "../../lib/end-model/feature-table.ts";
import { featureKinds, featureReader } from "../../lib/end-model/features.ts";
import { vectorizer, vocabularyOf } from "../../lib/end-model/vectors.ts";

const BITS = 18;
const kinds = featureKinds(BITS);
/** How many features a row has of each kind, and what its terms and numbers count. */
function kindsOf(row: Record<string, unknown>) {
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
  {
    name: "a vector, without saying of each number that it is given",
    row: { v: Float32Array.of(1, 2) },
    found: { terms: [], properties: 0, numbers: [1, 2] },
  },
  { name: "nothing of null", row: { mass: null }, found: { terms: [], properties: 0, numbers: [] } },
  {
    name: "nothing of numbers that are none",
    row: { v: Float32Array.of(Number.NaN) },
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

it("leaves out what was not met in training", () => {
  const vocabulary = vocabularyOf(featureTable(), BITS, []);
  const { ids, values } = featureReader(BITS, new Map())({ text: "unheard of", mass: 1 });
  expect(vectorizer(vocabulary)(ids, values)).toBe(0);
});
