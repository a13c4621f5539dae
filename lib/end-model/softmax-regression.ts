import { minimize } from "./minimize.ts";

/** Sparse rows: entries of row r stand from starts[r] up to ends[r]. */
export interface SparseRows {
  features: number;
  starts: Uint32Array;
  ends: Uint32Array;
  /** [entries] which feature, and how much of it. */
  places: Uint32Array;
  values: Float32Array;
}

export interface FitOptions {
  classes: number;
  /** Row-major [rows × classes] what each row is to be labeled, summing to 1: a class alone, or probabilities. */
  targets: Float32Array;
  /** Rows to learn from. */
  rows: Uint32Array;
  /** Where to begin, such as parameters fitted to fewer rows; changed. */
  start?: Float64Array;
  /** Share of squared weights in what is minimized. */
  penalty: number;
  /** How near to the minimum, as `minimize` takes it. */
  tolerance?: number;
}

const MOST_STEPS = 200;
/** A step that gains less than this share changes no labels. */
const TOLERANCE = 1e-4;

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
  { classes, targets, rows, start, penalty, tolerance = TOLERANCE }: FitOptions,
): Float64Array {
  if (rows.length === 0) throw new RangeError("No rows to learn from");
  const weights = table.features * classes;
  const parameters = start ?? new Float64Array(weights + classes);
  const rowWeights = balanced(targets, rows, classes);
  const scores = new Float64Array(classes);

  // Everything in the inner loops is a local of one type: properties of objects cost thirty times as much there.
  const { starts, ends, places, values } = table;
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    let loss = 0;
    for (let at = 0; at < weights; at++) {
      gradient[at] = penalty * point[at];
      loss += (penalty / 2) * point[at] * point[at];
    }
    gradient.fill(0, weights);
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index];
      const [start, end] = [starts[row], ends[row]];
      for (let label = 0; label < classes; label++) scores[label] = point[weights + label];
      for (let entry = start; entry < end; entry++) {
        const at = places[entry] * classes;
        const value = values[entry];
        for (let label = 0; label < classes; label++) scores[label] += value * point[at + label];
      }
      softmaxInPlace(scores);
      const weight = rowWeights[index];
      for (let label = 0; label < classes; label++) {
        const target = targets[row * classes + label];
        if (target > 0) loss -= weight * target * Math.log(Math.max(scores[label], 1e-300));
        scores[label] = weight * (scores[label] - target);
        gradient[weights + label] += scores[label];
      }
      for (let entry = start; entry < end; entry++) {
        const at = places[entry] * classes;
        const value = values[entry];
        for (let label = 0; label < classes; label++) gradient[at + label] += value * scores[label];
      }
    }
    return loss;
  };
  minimize(objective, parameters, MOST_STEPS, tolerance);
  return parameters;
}

/**
 * Scores W x + b of one row.
 *
 * @param places which features it has, as many as are of concern
 * @param values how much of each
 * @param parameters as `fitSoftmax` returns them
 * @param out [classes]
 */
export function scoresOf(
  places: ArrayLike<number>,
  values: ArrayLike<number>,
  entries: number,
  parameters: Float64Array | Float32Array,
  out: Float64Array,
): void {
  const classes = out.length;
  const biases = parameters.length - classes;
  for (let label = 0; label < classes; label++) out[label] = parameters[biases + label];
  for (let entry = 0; entry < entries; entry++) {
    const at = places[entry] * classes;
    const value = values[entry];
    for (let label = 0; label < classes; label++) out[label] += value * parameters[at + label];
  }
}

/** Scores as probabilities, in place. */
export function softmaxInPlace(scores: Float64Array): void {
  let most = scores[0];
  for (let label = 1; label < scores.length; label++) most = Math.max(most, scores[label]);
  let sum = 0;
  for (let label = 0; label < scores.length; label++) {
    scores[label] = Math.exp(scores[label] - most);
    sum += scores[label];
  }
  for (let label = 0; label < scores.length; label++) scores[label] /= sum;
}

/** [rows] weights that sum to 1, and to the same in every class that occurs. */
function balanced(targets: Float32Array, rows: Uint32Array, classes: number): Float64Array {
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
