import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fitSoftmax,
  type SparseRows,
  scoresOf,
  softmaxInPlace,
} from "../../lib/end-model/softmax-regression.ts";

interface Row {
  /** How much of each feature. */
  x: number[];
  target: number[];
}

function fit(rows: readonly Row[], penalty: number): number[][] {
  const features = rows[0].x.length;
  const classes = rows[0].target.length;
  const starts = Uint32Array.from(rows, (_, row) => row * features);
  const table: SparseRows = {
    features,
    starts,
    ends: starts.map((start) => start + features),
    places: Uint32Array.from(rows.flatMap(({ x }) => x.map((_, place) => place))),
    values: Float32Array.from(rows.flatMap(({ x }) => x)),
  };
  const targets = Float32Array.from(rows.flatMap(({ target }) => target));
  const all = Uint32Array.from(rows.keys());
  const parameters = fitSoftmax(table, { classes, targets, rows: all, penalty, tolerance: 1e-12 });
  return rows.map(({ x }) => {
    const out = new Float64Array(classes);
    scoresOf([...x.keys()], x, x.length, parameters, out);
    softmaxInPlace(out);
    return [...out];
  });
}

const near = (rows: number[][], digits = 4) =>
  rows.map((row) => row.map((one) => expect.closeTo(one, digits)));

describe("softmax regression", () => {
  it("finds the minimum that is found on paper", () => {
    // One feature, there in one class and not in the other. By symmetry the biases differ by −d / 2 where the weights differ
    // by d, and the minimum has σ(−d / 2) = penalty · d: of d = 2 ln 3 with a penalty of 1 / (8 ln 3).
    const rows = [
      { x: [1], target: [1, 0] },
      { x: [0], target: [0, 1] },
    ];
    expect(fit(rows, 1 / (8 * Math.log(3)))).toEqual(
      near([
        [0.75, 0.25],
        [0.25, 0.75],
      ]),
    );
  });

  it("learns soft targets as they are, where nothing tells rows apart", () => {
    const rows = [
      { x: [0], target: [0.5, 0.5] },
      { x: [0], target: [0.5, 0.5] },
    ];
    expect(fit(rows, 1)).toEqual(
      near([
        [0.5, 0.5],
        [0.5, 0.5],
      ]),
    );
  });

  it("gives a class of one row in ten as much say as the other", () => {
    const rows = Array.from({ length: 10 }, (_, row) => ({ x: [0], target: row === 0 ? [1, 0] : [0, 1] }));
    expect(fit(rows, 1)[0]).toEqual(near([[0.5, 0.5]])[0]);
  });

  it("refuses to learn from nothing", () => {
    const empty = new Uint32Array();
    const table = { features: 1, starts: empty, ends: empty, places: empty, values: new Float32Array() };
    const options = { classes: 2, targets: new Float32Array(), rows: empty, penalty: 1 };
    expect(() => fitSoftmax(table, options)).toThrow(RangeError);
  });

  const anyRow = fc.record({
    x: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 3, maxLength: 3 }),
    label: fc.integer({ min: 0, max: 2 }),
  });
  const anyRows = fc.array(anyRow, { minLength: 2, maxLength: 12 });
  const hard = (label: number) => [0, 1, 2].map((one) => (one === label ? 1 : 0));

  it("does not depend on the order of rows", () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const given = rows.map(({ x, label }) => ({ x, target: hard(label) }));
        expect(fit(given.toReversed(), 0.1).toReversed()).toEqual(near(fit(given, 0.1), 2));
      }),
    );
  });

  it("does not depend on what classes are called", () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const given = rows.map(({ x, label }) => ({ x, target: hard(label) }));
        const renamed = rows.map(({ x, label }) => ({ x, target: hard((label + 1) % 3) }));
        const turned = fit(given, 0.1).map(([a, b, c]) => [c, a, b]);
        expect(fit(renamed, 0.1)).toEqual(near(turned, 2));
      }),
    );
  });
});
