import type { Share } from "../contracts/verdict.ts";

/** The normal distribution's quantile for a two-sided interval of 95 %. */
const Z = 1.959963984540054;

/**
 * A share of rows with its 95 % interval: Wilson's score interval (Wilson 1927, JASA 22, p. 209), which keeps its
 * promise near 0 and 1 and for few rows, where the usual one collapses to a point. Drawing without replacement makes
 * it a little too wide, never too narrow.
 *
 * @param rows at least 1
 */
export function wilson(successes: number, rows: number): Share {
  const share = successes / rows;
  const square = Z ** 2;
  const middle = share + square / (2 * rows);
  const half = Z * Math.sqrt((share * (1 - share)) / rows + square / (4 * rows ** 2));
  const scale = 1 + square / rows;
  return {
    share,
    low: successes === 0 ? 0 : (middle - half) / scale,
    high: successes === rows ? 1 : (middle + half) / scale,
    rows,
  };
}
