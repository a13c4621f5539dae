import { assertLabelModelFits } from "../contracts/label-models.ts";
import type { LogLinear } from "./log-linear.ts";
import { pairCounts } from "./pair-counts.ts";
import type { VoteCells } from "./vote-cells.ts";

const STEP = 0.01;
const MOMENTUM = 0.9;
/** What a program is taken to be right at before the first step. */
const FIRST_ACCURACY = 0.7;
/** The reference scales its start by a random number in [0, 1), the only thing its seed decides: this is its mean. */
const FIRST_SCALE = 0.5;

export interface SnorkelOptions {
  /** [classes], above 0, summing to 1. Uniform where it is not given, as in the reference. */
  balance?: ArrayLike<number>;
  epochs?: number;
}

/**
 * Snorkel's label model (Ratner, Hancock, Dunnmon, Sala, Pandey, Ré: Training Complex Models with Multi-Task Weak
 * Supervision, AAAI 2019, section 4), as its `LabelModel` implements it: with O the rates at which votes of two
 * programs meet and P = diag(balance), gradient descent with momentum on
 *
 *     ‖(O − μ P μᵀ) outside the programs' own blocks‖² + ‖μ · balance − diag(O)‖²,  μ[cell, class] = P(vote | class),
 *
 * then log q = log balance + Σ log μ over the votes; an abstention says nothing. Deterministic: the start is fixed. Classes
 * cannot swap from this start (each cell begins on its own class), so the reference's search for a permutation is left out.
 *
 * @throws InvalidInputError with more than 4,096 cells (programs × classes)
 */
export function fitSnorkel(votes: VoteCells, { balance, epochs = 100 }: SnorkelOptions = {}): LogLinear {
  const { programs, classes, rows, totals } = votes;
  assertLabelModelFits("snorkel", programs, classes, "label model");
  const share = Float64Array.from({ length: classes }, (_, label) => balance?.[label] ?? 1 / classes);
  const pairs = pairCounts(votes);
  const size = pairs.used.length;
  const rates = Float64Array.from(pairs.used, (cell) => totals[cell] / rows);
  const mu = new Float64Array(size * classes);
  for (let place = 0; place < size; place++) {
    const label = pairs.used[place] % classes;
    mu[place * classes + label] =
      FIRST_SCALE * Math.min(1, Math.max(0, (rates[place] * FIRST_ACCURACY) / share[label]));
  }

  const velocity = new Float64Array(mu.length);
  const weighted = new Float64Array(mu.length);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let at = 0; at < mu.length; at++) weighted[at] = mu[at] * share[at % classes];
    const change = residuals();
    for (let place = 0; place < size; place++) {
      let excess = -rates[place];
      for (let label = 0; label < classes; label++) excess += weighted[place * classes + label];
      for (let label = 0; label < classes; label++) {
        const at = place * classes + label;
        // The residual is symmetric, so both its sides give the same: −2 (E + Eᵀ) μ P = −4 E μ P.
        velocity[at] = MOMENTUM * velocity[at] - 4 * change[at] + 2 * excess * share[label];
      }
    }
    for (let at = 0; at < mu.length; at++) mu[at] -= STEP * velocity[at];
  }

  const least = Math.min(0.01, 10 ** -Math.ceil(Math.log10(Math.max(rows, 1))));
  const table = new Float64Array(totals.length * classes).fill(Math.log(least));
  for (let at = 0; at < mu.length; at++) {
    const cell = pairs.used[Math.floor(at / classes)];
    table[cell * classes + (at % classes)] = Math.log(Math.min(1 - least, Math.max(least, mu[at])));
  }
  return { bias: share.map(Math.log), table };

  /** E μ P with E = O − μ P μᵀ outside the programs' blocks, [used × classes], without ever forming E. */
  function residuals(): Float64Array {
    const out = new Float64Array(mu.length);
    for (let row = 0; row < size; row++) {
      for (let entry = pairs.starts[row]; entry < pairs.starts[row + 1]; entry++) {
        const rate = pairs.counts[entry] / rows;
        const from = pairs.columns[entry] * classes;
        for (let label = 0; label < classes; label++)
          out[row * classes + label] += rate * weighted[from + label];
      }
    }
    const all = product(0, size);
    for (let from = 0; from < size; ) {
      const program = Math.floor(pairs.used[from] / classes);
      let to = from;
      while (to < size && Math.floor(pairs.used[to] / classes) === program) to += 1;
      const own = product(from, to);
      for (let row = from; row < to; row++) {
        for (let inner = 0; inner < classes; inner++) {
          const factor = weighted[row * classes + inner];
          for (let label = 0; label < classes; label++) {
            const at = inner * classes + label;
            out[row * classes + label] -= factor * (all[at] - own[at]);
          }
        }
      }
      from = to;
    }
    return out;
  }

  /** μᵀ μ P over the places `from` to `to`, [classes × classes]. */
  function product(from: number, to: number): Float64Array {
    const out = new Float64Array(classes * classes);
    for (let place = from; place < to; place++) {
      for (let inner = 0; inner < classes; inner++) {
        const factor = mu[place * classes + inner];
        if (factor === 0) continue;
        for (let label = 0; label < classes; label++) {
          out[inner * classes + label] += factor * weighted[place * classes + label];
        }
      }
    }
    return out;
  }
}
