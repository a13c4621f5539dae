import { calibrationOf } from "../aggregate/calibrate.ts";
import { indexVotes } from "../aggregate/histogram.ts";
import {
  type FittedLabelModel,
  type Posterior,
  posteriorOf,
  posteriorsOf,
} from "../aggregate/label-model.ts";

/** A row with gold, and which half of them it is in. */
export interface GoldVotes {
  /** [programs], ABSTAIN or a class. */
  votes: Int8Array;
  label: number;
  half: 0 | 1;
}

/**
 * The posteriors that a label model is judged by, for either half of the rows with gold. Where gold calibrated it, that of a half
 * comes from the model that the other half alone calibrates: what is judged is calibrated as what is published is, though by
 * fewer rows, and has not seen the labels that it is judged by (cross-fitting: Chernozhukov et al. 2018).
 */
export function crossFitted(
  model: FittedLabelModel,
  rows: readonly GoldVotes[],
): [first: Posterior, second: Posterior] {
  const { calibration, ...plain } = model;
  if (!calibration?.gold || rows.length === 0) return [posteriorOf(model), posteriorOf(model)];
  const { histogram, patternOfRow } = indexVotes(
    Array.from({ length: model.programs }, (_, program) =>
      Int8Array.from(rows, ({ votes }) => votes[program]),
    ),
    model.classes,
  );
  const posteriors = posteriorsOf(plain, histogram);
  const judging = (half: 0 | 1): Posterior => {
    const gold = new Float64Array(posteriors.length);
    for (const [row, { label, half: own }] of rows.entries()) {
      if (own !== half) gold[patternOfRow[row] * model.classes + label] += 1;
    }
    const byOthers = calibrationOf(histogram, posteriors, gold);
    return posteriorOf({ ...plain, calibration: { ...calibration, gold: byOthers } });
  };
  return [judging(0), judging(1)];
}
