import { describe, expect, it } from "vitest";
import { histogramOf, indexVotes } from "../../lib/aggregate/histogram.ts";
import { fitCalibrated, posteriorOf } from "../../lib/aggregate/label-model.ts";
import { crossFitted, type GoldVotes } from "../../lib/train/cross-fitted.ts";

/** Two programs that are right, of which one abstains on two rows in five, and a third that is wrong; by turns in either half. */
const rows: GoldVotes[] = Array.from({ length: 400 }, (_, row) => {
  const label = (row >> 1) % 2;
  return {
    votes: Int8Array.of(row % 5 > 1 ? label : -1, label, 1 - label),
    label,
    half: row % 2 === 0 ? 0 : 1,
  };
});
const columns = (of: readonly GoldVotes[]) =>
  [0, 1, 2].map((at) => Int8Array.from(of, ({ votes }) => votes[at]));

/** Majority vote, calibrated by all rows' labels. */
function calibrated(of: readonly GoldVotes[]) {
  const { histogram, patternOfRow } = indexVotes(columns(of), 2);
  const gold = new Float64Array(histogram.counts.length * 2);
  for (const [row, { label }] of of.entries()) gold[2 * patternOfRow[row] + label] += 1;
  return fitCalibrated("majority", histogram, { gold });
}

const inHalf = (posteriors: ReturnType<typeof crossFitted>, half: 0 | 1) =>
  rows
    .filter((row) => row.half === half)
    .map(({ votes }) => {
      const out = new Float64Array(2);
      posteriors[half](votes, out);
      return [...out];
    });

describe("cross-fitting", () => {
  it("leaves a label model that no gold calibrated as it is", () => {
    const model = fitCalibrated("majority", histogramOf(columns(rows), 2), {});
    const out = [new Float64Array(2), new Float64Array(2)];
    for (const { votes, half } of rows) {
      crossFitted(model, rows)[half](votes, out[0]);
      posteriorOf(model)(votes, out[1]);
      expect(out[0]).toEqual(out[1]);
    }
  });

  it("judges each half without its own labels, and by those of the other", () => {
    const model = calibrated(rows);
    const swapped = rows.map((row) => (row.half === 0 ? { ...row, label: 1 - row.label } : row));
    const [before, after] = [crossFitted(model, rows), crossFitted(model, swapped)];
    expect(inHalf(after, 0)).toEqual(inHalf(before, 0));
    expect(inHalf(after, 1)).not.toEqual(inHalf(before, 1));
  });

  it("finds what calibration by gold is worth, which votes alone do not show", () => {
    const share = (posteriors: ReturnType<typeof crossFitted>) => {
      const right = rows.filter(({ votes, label, half }) => {
        const out = new Float64Array(2);
        posteriors[half](votes, out);
        return out[label] > 0.5;
      });
      return right.length / rows.length;
    };
    const model = calibrated(rows);
    const { calibration: _, ...plain } = model;
    expect(share(crossFitted(plain, rows))).toBeLessThan(0.61);
    expect(share(crossFitted(model, rows))).toBe(1);
  });
});
