import { ABSTAIN } from "../contracts/columns.ts";
import { type PlainLogLinear, pooled, scorerOf, typed } from "./log-linear.ts";
import { voteShares } from "./majority.ts";

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

/** The programs that are no copies. */
export const keptOf = (copyOf: readonly number[]): number[] =>
  [...copyOf.keys()].filter((program) => copyOf[program] === -1);

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
