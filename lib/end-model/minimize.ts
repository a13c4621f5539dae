/** A smooth function: its value at a point, and its gradient written into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** Steps remembered; Float32, since they only shape the next direction. */
const MEMORY = 5;
const MOST_HALVINGS = 20;
/** Armijo's condition: the least share of the promised descent. */
const DESCENT = 1e-4;

/**
 * The minimum of a convex function, from `point`, which is changed: L-BFGS (Liu & Nocedal 1989; Nocedal & Wright 2006,
 * algorithm 7.4) with halved steps. No randomness and no rate to choose: the same function ends at the same point.
 *
 * @param steps at most
 * @param tolerance ends where no entry of the gradient is larger
 */
export function minimize(objective: Objective, point: Float64Array, steps: number, tolerance: number): void {
  const size = point.length;
  let gradient = new Float64Array(size);
  let nextGradient = new Float64Array(size);
  const next = new Float64Array(size);
  const direction = new Float64Array(size);
  const memory: { step: Float32Array; change: Float32Array; inverse: number }[] = [];
  let value = objective(point, gradient);

  for (let step = 0; step < steps && largest(gradient) > tolerance; step++) {
    for (let at = 0; at < size; at++) direction[at] = -gradient[at];
    bend(direction, memory);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      memory.length = 0;
      for (let at = 0; at < size; at++) direction[at] = -gradient[at];
      slope = -dot(gradient, gradient);
    }
    let length = memory.length === 0 ? 1 / Math.max(1, Math.sqrt(-slope)) : 1;
    let found = Number.POSITIVE_INFINITY;
    for (let halving = 0; halving < MOST_HALVINGS; halving++, length /= 2) {
      for (let at = 0; at < size; at++) next[at] = point[at] + length * direction[at];
      found = objective(next, nextGradient);
      if (found <= value + DESCENT * length * slope) break;
    }
    if (!(found < value)) return; // As low as numbers of this precision go.
    remember(memory, point, next, gradient, nextGradient);
    point.set(next);
    [gradient, nextGradient] = [nextGradient, gradient];
    value = found;
  }
}

/** Two loops over what is remembered turn the steepest direction into Newton's, about. */
function bend(
  direction: Float64Array,
  memory: { step: Float32Array; change: Float32Array; inverse: number }[],
): void {
  const shares = memory.toReversed().map(({ step, change, inverse }) => {
    const share = inverse * dot(step, direction);
    addTo(direction, change, -share);
    return share;
  });
  const last = memory.at(-1);
  if (last === undefined) return;
  const scale = 1 / (last.inverse * dot(last.change, last.change));
  for (let at = 0; at < direction.length; at++) direction[at] *= scale;
  for (const [place, { step, change, inverse }] of memory.entries()) {
    const share = shares[memory.length - 1 - place];
    addTo(direction, step, share - inverse * dot(change, direction));
  }
}

function remember(
  memory: { step: Float32Array; change: Float32Array; inverse: number }[],
  from: Float64Array,
  to: Float64Array,
  before: Float64Array,
  after: Float64Array,
): void {
  const full = memory.length === MEMORY ? memory.shift() : undefined;
  const { step, change } = full ?? {
    step: new Float32Array(from.length),
    change: new Float32Array(from.length),
  };
  for (let at = 0; at < from.length; at++) {
    step[at] = to[at] - from[at];
    change[at] = after[at] - before[at];
  }
  const curvature = dot(step, change);
  if (curvature > 1e-14) memory.push({ step, change, inverse: 1 / curvature });
}

function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at] * other[at];
  return sum;
}

function addTo(sum: Float64Array, other: ArrayLike<number>, factor: number): void {
  for (let at = 0; at < sum.length; at++) sum[at] += factor * other[at];
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
