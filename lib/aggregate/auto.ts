import { type AutoParameters, keptOf } from "./auto-scorer.ts";
import { fitConfusion } from "./confusion.ts";
import { fitDawidSkene } from "./dawid-skene.ts";
import { firingByClass } from "./firing.ts";
import { goodnessOfFit } from "./goodness-of-fit.ts";
import { type Histogram, keepPrograms } from "./histogram.ts";
import { type LogLinear, plain, pooled, posteriorsUnder } from "./log-linear.ts";
import { voteBalance } from "./majority.ts";
import { clipped, copyWeights, nearCopies, resemblance } from "./near-copies.ts";
import { fitPrecision } from "./precision.ts";
import { fitSnorkel } from "./snorkel.ts";
import { cellsOf, type VoteCells } from "./vote-cells.ts";

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

function votesPerParameter({ classes, totals }: VoteCells): number {
  let cast = 0;
  let cells = 0;
  for (const total of totals) {
    cast += total;
    if (total > 0) cells += 1;
  }
  return cells > 0 ? cast / (classes * cells) : 0;
}
