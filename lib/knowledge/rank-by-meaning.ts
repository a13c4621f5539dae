/**
 * For each query all passages, the nearest first, by the cosine of their vectors.
 *
 * @returns [queries] indexes of passages; none where sizes differ, or a vector is not of numbers
 */
export function rankByMeaning(
  passages: readonly Float32Array[],
  queries: readonly Float32Array[],
): number[][] {
  const units = passages.map(unit);
  return queries.map((query) => {
    const direction = unit(query);
    return units
      .map((vector, index) => ({ index, nearness: dot(direction, vector) }))
      .filter(({ nearness }) => Number.isFinite(nearness))
      .sort((one, other) => other.nearness - one.nearness || one.index - other.index)
      .map(({ index }) => index);
  });
}

/** NaN where the sizes differ. */
function dot(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) return Number.NaN;
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += one[index] * other[index];
  return sum;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}
