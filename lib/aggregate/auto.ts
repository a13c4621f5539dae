import { ABSTAIN } from "../contracts/columns.ts";
import { fitConfusion } from "./confusion.ts";
import { fitDawidSkene } from "./dawid-skene.ts";
import { goodnessOfFit } from "./goodness-of-fit.ts";
import { type Histogram, keepPrograms } from "./histogram.ts";
import { type PlainLogLinear, plain, pooled, posteriorsUnder, scorerOf, typed } from "./log-linear.ts";
import { voteShares } from "./majority.ts";
import { clipped, copyWeights, nearCopies } from "./near-copies.ts";
import { fitPrecision } from "./precision.ts";
import { cellsOf, type VoteCells } from "./vote-cells.ts";

/** What `auto` learns: three models over the programs that are no copies, and how far to trust each. */
export interface AutoParameters {
  /** [programs] the program that each nearly copies, and is dropped for; −1 where it is kept. */
  copyOf: number[];
  /** [programs] how many independent votes each counts for; 0 where it is dropped. */
  weights: number[];
  /** `fitPrecision`, `fitConfusion` and `fitDawidSkene` over the programs that are kept. */
  precision: PlainLogLinear;
  confusion: PlainLogLinear;
  dawidSkene: PlainLogLinear;
  /** Share of `precision` beside `confusion`: 1 where abstaining depends on the class. */
  precisionShare: number;
  /** Share of `dawidSkene` beside those two: 0 where the votes refute independence, or are few. */
  dawidSkeneShare: number;
  /** `goodnessOfFit` of two of the models, and votes a free parameter: what the shares were made from. */
  fit: { dawidSkene: number; confusion: number; votesPerParameter: number };
}

/**
 * The default label model: precisions, confusions and Dawid-Skene, pooled by what the votes themselves say of their
 * independence, near-copies dropped first. Closed form and at most 55 EM sweeps; no labels, no randomness. `auto` of
 * the specification.
 */
export function fitAuto(histogram: Histogram): AutoParameters {
  const all = cellsOf(histogram);
  const copyOf = nearCopies(all);
  const kept = keptOf(copyOf);
  const votes = kept.length === copyOf.length ? all : cellsOf(keepPrograms(histogram, kept));
  const weights = copyWeights(votes);

  const precision = fitPrecision(votes, weights);
  const confusion = fitConfusion(votes, weights);
  const byPrecision = posteriorsUnder(precision, votes);
  const byConfusion = posteriorsUnder(confusion, votes);
  const dawidSkene = fitDawidSkene(votes, pooled(byPrecision, byConfusion, 0.5, votes.classes));

  const fit = {
    dawidSkene: goodnessOfFit(votes, posteriorsUnder(dawidSkene, votes)),
    confusion: goodnessOfFit(votes, byConfusion),
    votesPerParameter: votesPerParameter(votes),
  };
  return {
    copyOf,
    weights: copyOf.map((_, program) => (kept.includes(program) ? weights[kept.indexOf(program)] : 0)),
    precision: plain(precision),
    confusion: plain(confusion),
    dawidSkene: plain(dawidSkene),
    precisionShare: clipped((fit.confusion / Math.max(fit.dawidSkene, 1e-9) - 1.1) / 0.9),
    dawidSkeneShare:
      clipped(2 - fit.dawidSkene) *
      clipped((fit.votesPerParameter - 5) / 5) *
      clipped((Math.min(...weights) - 0.5) / 0.25),
    fit,
  };
}

const keptOf = (copyOf: readonly number[]): number[] =>
  [...copyOf.keys()].filter((program) => copyOf[program] === -1);

function votesPerParameter({ classes, totals }: VoteCells): number {
  let cast = 0;
  let cells = 0;
  for (const total of totals) {
    cast += total;
    if (total > 0) cells += 1;
  }
  return cells > 0 ? cast / (classes * cells) : 0;
}

/** Scores any pattern; where only dropped programs voted, by majority. */
export function autoScorer(model: AutoParameters, classes: number) {
  const kept = keptOf(model.copyOf);
  const parts = [model.precision, model.confusion, model.dawidSkene].map((part) => {
    const posterior = new Float64Array(classes);
    const scorer = scorerOf(typed(part), kept);
    return (pattern: ArrayLike<number>) => {
      scorer(pattern, posterior);
      return posterior;
    };
  });
  return (pattern: ArrayLike<number>, out: Float64Array): void => {
    const heard = kept.some((program) => pattern[program] !== ABSTAIN);
    if (!heard && Array.prototype.some.call(pattern, (vote) => vote !== ABSTAIN)) {
      voteShares(pattern, out);
      return;
    }
    const [byPrecision, byConfusion, byDawidSkene] = parts.map((part) => part(pattern));
    const simple = pooled(byPrecision, byConfusion, model.precisionShare, classes);
    out.set(pooled(byDawidSkene, simple, model.dawidSkeneShare, classes));
  };
}
