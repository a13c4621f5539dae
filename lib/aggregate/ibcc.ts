import { type LogLinear, posteriorsUnder } from "./log-linear.ts";
import { alike, majorityShares } from "./majority.ts";
import { cellSums, classSums, type VoteCells } from "./vote-cells.ts";

/** Pseudo-counts: a right vote, a wrong one, and a row of each class. */
const PRIOR = { right: 4, wrong: 1, rows: 1 };
const SWEEPS = 500;
/** Posteriors that change by less than this, absolutely and by one part in 100,000, have settled. */
const SETTLED = { absolute: 1e-3, relative: 1e-5 };

/**
 * Independent Bayesian classifier combination (Kim and Ghahramani, AISTATS 2012) by variational Bayes from the majority's
 * shares: Dawid-Skene whose confusions and balance are Dirichlet distributions, log probabilities being digamma
 * differences. An abstention is no observation.
 */
export function fitIbcc(votes: VoteCells): LogLinear {
  const { programs, classes } = votes;
  let posteriors = majorityShares(votes, alike(programs));
  for (let sweep = 1; ; sweep++) {
    const model = maximized(posteriors);
    const next = posteriorsUnder(model, votes);
    if (sweep === SWEEPS || hasSettled(posteriors, next)) return model;
    posteriors = next;
  }

  function maximized(given: Float64Array): LogLinear {
    const ofClass = classSums(votes, given, "all");
    const whole = digamma(votes.rows + PRIOR.rows * classes);
    const table = cellSums(votes, given);
    for (let program = 0; program < programs; program++) {
      for (let label = 0; label < classes; label++) {
        const first = program * classes * classes + label;
        let all = PRIOR.right + PRIOR.wrong * (classes - 1);
        for (let vote = 0; vote < classes; vote++) all += table[first + vote * classes];
        const normalizer = digamma(all);
        for (let vote = 0; vote < classes; vote++) {
          const at = first + vote * classes;
          table[at] = digamma(table[at] + (vote === label ? PRIOR.right : PRIOR.wrong)) - normalizer;
        }
      }
    }
    return { bias: ofClass.map((sum) => digamma(sum + PRIOR.rows) - whole), table };
  }
}

function hasSettled(before: Float64Array, after: Float64Array): boolean {
  for (let at = 0; at < before.length; at++) {
    const change = Math.abs(before[at] - after[at]);
    if (change > SETTLED.absolute + SETTLED.relative * Math.abs(after[at])) return false;
  }
  return true;
}

/** The derivative of log Γ at x > 0: recurrence up to 10, then the asymptotic series (Abramowitz and Stegun 6.3.18). */
export function digamma(x: number): number {
  let shift = 0;
  let at = x;
  while (at < 10) {
    shift -= 1 / at;
    at += 1;
  }
  const inverse = 1 / (at * at);
  const series =
    inverse *
    (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - (inverse * 5) / 660))));
  return shift + Math.log(at) - 0.5 / at - series;
}
