import { minimize } from "./minimize.ts";

/** Sparse rows: entries of row r stand from starts[r] up to ends[r]. */
export interface SparseRows {
  features: number;
  starts: ArrayLike<number>;
  ends: ArrayLike<number>;
  /** [entries] which feature, and how much of it. */
  places: ArrayLike<number>;
  values: ArrayLike<number>;
}

export interface FitOptions {
  classes: number;
  /** Row-major [rows × classes] what each row is to be labeled, summing to 1: a class alone, or probabilities. */
  targets: Float32Array;
  /** Rows to learn from. */
  rows: ArrayLike<number>;
  /** Where to begin, such as parameters fitted to fewer rows; changed. */
  start?: Float64Array;
  /** Share of squared weights in what is minimized. */
  penalty: number;
}

/** More steps change no label in a hundred. */
const MOST_STEPS = 60;
const TOLERANCE = 1e-6;

/**
 * Multinomial logistic regression: minimizes
 *
 *     mean over rows of c(row) · −Σ target · ln softmax(W x + b)  +  penalty / 2 · |W|²
 *
 * with the rows' weights c balancing classes (King & Zeng 2001): all classes that occur have the same sum of weights. Convex,
 * so that neither the order of rows nor the names of classes count, but for rounding.
 *
 * @returns [features × classes] weights, then [classes] biases
 * @throws RangeError without rows
 */
export function fitSoftmax(
  table: SparseRows,
  { classes, targets, rows, start, penalty }: FitOptions,
): Float64Array {
  if (rows.length === 0) throw new RangeError("No rows to learn from");
  const weights = table.features * classes;
  const parameters = start ?? new Float64Array(weights + classes);
  const rowWeights = balanced(targets, rows, classes);
  const scores = new Float64Array(classes);

  const objective = (point: Float64Array, gradient: Float64Array): number => {
    let loss = 0;
    for (let at = 0; at < weights; at++) {
      gradient[at] = penalty * point[at];
      loss += (penalty / 2) * point[at] * point[at];
    }
    gradient.fill(0, weights);
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index];
      scoresOf(table, row, point, scores);
      softmaxInPlace(scores);
      const weight = rowWeights[index];
      for (let label = 0; label < classes; label++) {
        const target = targets[row * classes + label];
        if (target > 0) loss -= weight * target * Math.log(Math.max(scores[label], 1e-300));
        scores[label] = weight * (scores[label] - target);
        gradient[weights + label] += scores[label];
      }
      for (let entry = table.starts[row]; entry < table.ends[row]; entry++) {
        const at = table.places[entry] * classes;
        const value = table.values[entry];
        for (let label = 0; label < classes; label++) gradient[at + label] += value * scores[label];
      }
    }
    return loss;
  };
  minimize(objective, parameters, MOST_STEPS, TOLERANCE);
  return parameters;
}

/** Scores W x + b of a row. @param parameters as `fitSoftmax` returns them */
export function scoresOf(
  { features, starts, ends, places, values }: SparseRows,
  row: number,
  parameters: Float64Array | Float32Array,
  out: Float64Array,
): void {
  const classes = out.length;
  for (let label = 0; label < classes; label++) out[label] = parameters[features * classes + label];
  for (let entry = starts[row]; entry < ends[row]; entry++) {
    const at = places[entry] * classes;
    const value = values[entry];
    for (let label = 0; label < classes; label++) out[label] += value * parameters[at + label];
  }
}

/** Scores as probabilities, in place. */
export function softmaxInPlace(scores: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) most = Math.max(most, score);
  let sum = 0;
  for (let label = 0; label < scores.length; label++) {
    scores[label] = Math.exp(scores[label] - most);
    sum += scores[label];
  }
  for (let label = 0; label < scores.length; label++) scores[label] /= sum;
}

/** [rows] weights that sum to 1, and to the same in every class that occurs. */
function balanced(targets: Float32Array, rows: ArrayLike<number>, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  for (let index = 0; index < rows.length; index++) {
    for (let label = 0; label < classes; label++) sums[label] += targets[rows[index] * classes + label];
  }
  const occurring = sums.filter((sum) => sum > 0).length;
  const weights = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index++) {
    for (let label = 0; label < classes; label++) {
      const target = targets[rows[index] * classes + label];
      if (target > 0) weights[index] += target / (sums[label] * occurring);
    }
  }
  return weights;
}
