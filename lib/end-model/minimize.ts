/** A smooth function: its value at a point, and its gradient written into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** Steps remembered; Float32, since they only shape the next direction. */
const MEMORY = 5;
const MOST_HALVINGS = 20;
/** Armijo's condition: the least share of the promised descent. */
const DESCENT = 1e-4;

/** A step that was taken: where to, how the gradient changed by it, and what their products are. */
interface Taken {
  step: Float32Array;
  change: Float32Array;
  /** step · change, and change · change. */
  curvature: number;
  square: number;
}

/**
 * The minimum of a convex function, from `point`, which is changed: L-BFGS (Liu & Nocedal 1989; Nocedal & Wright 2006,
 * algorithm 7.4) with halved steps. No randomness and no rate to choose: the same function ends at the same point.
 *
 * @param steps at most
 * @param tolerance ends with a step that lowers the value by no larger a share of it
 */
export function minimize(objective: Objective, point: Float64Array, steps: number, tolerance: number): void {
  const size = point.length;
  let gradient = new Float64Array(size);
  let nextGradient = new Float64Array(size);
  const next = new Float64Array(size);
  const direction = new Float64Array(size);
  const memory: Taken[] = [];
  let value = objective(point, gradient);

  for (let step = 0; step < steps; step++) {
    for (let at = 0; at < size; at++) direction[at] = -gradient[at];
    bend(direction, memory);
    let slope = 0;
    for (let at = 0; at < size; at++) slope += direction[at] * gradient[at];
    if (!(slope < 0)) return; // Nowhere leads down.
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
    const isNear = value - found <= tolerance * Math.abs(value);
    value = found;
    if (isNear) return;
  }
}

/** Two loops over what is remembered turn the steepest direction into Newton's, about. */
function bend(direction: Float64Array, memory: readonly Taken[]): void {
  const last = memory.at(-1);
  if (last === undefined) return;
  const shares = memory.toReversed().map(({ step, change, curvature }) => {
    const share = dot(step, direction) / curvature;
    addTo(direction, change, -share);
    return share;
  });
  const scale = last.curvature / last.square;
  for (let at = 0; at < direction.length; at++) direction[at] *= scale;
  for (const [place, { step, change, curvature }] of memory.entries()) {
    addTo(direction, step, shares[memory.length - 1 - place] - dot(change, direction) / curvature);
  }
}

function remember(
  memory: Taken[],
  from: Float64Array,
  to: Float64Array,
  before: Float64Array,
  after: Float64Array,
): void {
  const full = memory.length === MEMORY ? memory.shift() : undefined;
  const step = full?.step ?? new Float32Array(from.length);
  const change = full?.change ?? new Float32Array(from.length);
  let curvature = 0;
  let square = 0;
  for (let at = 0; at < step.length; at++) {
    const moved = to[at] - from[at];
    const changed = after[at] - before[at];
    step[at] = moved;
    change[at] = changed;
    curvature += moved * changed;
    square += changed * changed;
  }
  if (curvature > 0) memory.push({ step, change, curvature, square });
}

function dot(one: Float32Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at] * other[at];
  return sum;
}

function addTo(sum: Float64Array, other: Float32Array, factor: number): void {
  for (let at = 0; at < sum.length; at++) sum[at] += factor * other[at];
}
