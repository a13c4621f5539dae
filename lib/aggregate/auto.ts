import { ABSTAIN } from "../contracts/columns.ts";
import { fitConfusion } from "./confusion.ts";
import { fitDawidSkene } from "./dawid-skene.ts";
import { firingByClass } from "./firing.ts";
import { goodnessOfFit } from "./goodness-of-fit.ts";
import { type Histogram, keepPrograms } from "./histogram.ts";
import {
  type LogLinear,
  type PlainLogLinear,
  plain,
  pooled,
  posteriorsUnder,
  scorerOf,
  typed,
} from "./log-linear.ts";
import { voteBalance, voteShares } from "./majority.ts";
import { clipped, copyWeights, nearCopies, resemblance } from "./near-copies.ts";
import { fitPrecision } from "./precision.ts";
import { fitSnorkel } from "./snorkel.ts";
import { cellsOf, type VoteCells } from "./vote-cells.ts";

/** What `auto` learns: four models over the programs that are no copies, and how far to trust each. */
export interface AutoParameters {
  /** [programs] the program that each nearly copies, and is dropped for; −1 where it is kept. */
  copyOf: number[];
  /** [programs] how many independent votes each counts for; 0 where it is dropped. */
  weights: number[];
  /** `fitPrecision`, `fitConfusion` and `fitDawidSkene` over the programs that are kept; the first alone where `isLarge`. */
  precision: PlainLogLinear;
  confusion: PlainLogLinear | null;
  dawidSkene: PlainLogLinear | null;
  /** `fitSnorkel` over them, where it has a share. */
  pairs: PlainLogLinear | null;
  /** Share of `precision` beside `confusion`: 1 where abstaining depends on the class, or EM ran away. */
  precisionShare: number;
  /** Share of `pairs` beside those two: a half where abstaining depends on the class and the classes are even. */
  pairsShare: number;
  /** Share of `dawidSkene` beside those three: 0 where the votes refute independence, or are few. */
  dawidSkeneShare: number;
  /** What the shares were made from; null where there is nothing to share. */
  fit: {
    /** `goodnessOfFit` of two of the models, and votes a free parameter. */
    dawidSkene: number;
    confusion: number;
    votesPerParameter: number;
    /** `firingByClass`. */
    firing: number;
    /** Total variation between the balance that `fitConfusion` begins with and the one it ends with. */
    drift: number;
    /** Entropy of the class balance, 1 where all classes are alike. */
    evenness: number;
  } | null;
}

/** Parameters of all programs' confusions beyond which a sample of rows, however large, cannot tell them. */
const MOST_PARAMETERS = 2 ** 20;
/** Work of an epoch of `fitSnorkel`, a second or two in all, and within what it takes. */
const MOST_PAIR_WORK = 2 ** 25;

/** Whether there are so many programs and classes that `auto` is `fitPrecision` without near-copies. */
export const isLarge = ({ programs, classes }: Pick<Histogram, "programs" | "classes">): boolean =>
  programs * classes ** 2 > MOST_PARAMETERS;

/**
 * The default label model: precisions, confusions, pair statistics and Dawid-Skene, pooled by what the votes themselves
 * say of their independence, near-copies dropped first. Deterministic, without labels. docs/label-models.md argues each
 * share.
 */
export function fitAuto(histogram: Histogram): AutoParameters {
  const all = cellsOf(histogram);
  const alike = resemblance(all);
  const copyOf = nearCopies(all, alike);
  const kept = keptOf(copyOf);
  const votes = kept.length === copyOf.length ? all : cellsOf(keepPrograms(histogram, kept));
  const { classes } = votes;
  const weights = copyWeights(votes, votes === all ? alike : resemblance(votes));
  const ofAll = copyOf.map((_, program) => (kept.includes(program) ? weights[kept.indexOf(program)] : 0));

  const precision = fitPrecision(votes, weights);
  if (isLarge(histogram)) return precisionAlone(copyOf, ofAll, precision);
  const confusion = fitConfusion(votes, weights);
  const byPrecision = posteriorsUnder(precision, votes);
  const byConfusion = posteriorsUnder(confusion, votes);
  const between = pooled(byPrecision, byConfusion, 0.5, classes);
  const dawidSkene = fitDawidSkene(votes, between);

  const balance = voteBalance(votes, between);
  const fit = {
    dawidSkene: goodnessOfFit(votes, posteriorsUnder(dawidSkene, votes)),
    confusion: goodnessOfFit(votes, byConfusion),
    votesPerParameter: votesPerParameter(votes),
    firing: firingByClass(votes, byPrecision),
    drift: distance(confusion.bias.map(Math.exp), voteBalance(votes, byConfusion)),
    evenness: -balance.reduce((sum, share) => sum + share * Math.log(share), 0) / Math.log(classes),
  };
  const informative = clipped((fit.firing - 0.005) / 0.01) * clipped((fit.evenness - 0.5) / 0.25);
  const pairsShare = pairWork(votes) <= MOST_PAIR_WORK ? informative / 2 : 0;
  return {
    copyOf,
    weights: ofAll,
    precision: plain(precision),
    confusion: plain(confusion),
    dawidSkene: plain(dawidSkene),
    pairs: pairsShare > 0 ? plain(fitSnorkel(votes, { balance: halfEvened(balance) })) : null,
    precisionShare: Math.max(
      clipped((fit.confusion / Math.max(fit.dawidSkene, 1e-9) - 1.1) / 0.9),
      clipped((fit.drift - 0.15) / 0.1),
      informative,
    ),
    pairsShare,
    dawidSkeneShare:
      clipped(2 - fit.dawidSkene) *
      clipped((fit.votesPerParameter - 5) / 5) *
      clipped((Math.min(...weights) - 0.5) / 0.25),
    fit,
  };
}

const precisionAlone = (copyOf: number[], weights: number[], precision: LogLinear): AutoParameters => ({
  copyOf,
  weights,
  precision: plain(precision),
  confusion: null,
  dawidSkene: null,
  pairs: null,
  precisionShare: 1,
  pairsShare: 0,
  dawidSkeneShare: 0,
  fit: null,
});

const pairWork = ({ totals, classes }: VoteCells): number => totals.length ** 2 * classes;

/** Total variation between two distributions, 0 to 1. */
const distance = (one: Float64Array, other: Float64Array): number =>
  one.reduce((sum, share, label) => sum + Math.abs(share - other[label]), 0) / 2;

/** Halfway, on a logarithmic scale, from the balance to the uniform one. */
function halfEvened(balance: Float64Array): Float64Array {
  const roots = balance.map(Math.sqrt);
  const sum = roots.reduce((total, root) => total + root, 0);
  return roots.map((root) => root / sum);
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
  const part = (parameters: PlainLogLinear) => {
    const posterior = new Float64Array(classes);
    const scorer = scorerOf(typed(parameters), kept);
    return (pattern: ArrayLike<number>) => {
      scorer(pattern, posterior);
      return posterior;
    };
  };
  const byPrecision = part(model.precision);
  const byConfusion = model.confusion && part(model.confusion);
  const byDawidSkene = model.dawidSkene && part(model.dawidSkene);
  const byPairs = model.pairs && part(model.pairs);
  return (pattern: ArrayLike<number>, out: Float64Array): void => {
    const heard = kept.some((program) => pattern[program] !== ABSTAIN);
    if (!heard && Array.prototype.some.call(pattern, (vote) => vote !== ABSTAIN)) {
      voteShares(pattern, out);
      return;
    }
    let simple = byPrecision(pattern);
    if (byConfusion) simple = pooled(simple, byConfusion(pattern), model.precisionShare, classes);
    if (byPairs) simple = pooled(byPairs(pattern), simple, model.pairsShare, classes);
    if (byDawidSkene) simple = pooled(byDawidSkene(pattern), simple, model.dawidSkeneShare, classes);
    out.set(simple);
  };
}
