import { ABSTAIN } from "../contracts/columns.ts";
import type { LabelModelName } from "../contracts/label-models.ts";
import { type AutoParameters, autoScorer, fitAuto, isLarge } from "./auto.ts";
import { balanceShift, type Calibration, calibrationOf, calibrator } from "./calibrate.ts";
import { fitConfusion } from "./confusion.ts";
import { fitDawidSkene } from "./dawid-skene.ts";
import { type Histogram, thinned } from "./histogram.ts";
import { fitIbcc } from "./ibcc.ts";
import { type PlainLogLinear, plain, pooled, posteriorsUnder, scorerOf, typed } from "./log-linear.ts";
import { alike, voteShares } from "./majority.ts";
import { fitPlainDawidSkene } from "./plain-dawid-skene.ts";
import { fitPrecision } from "./precision.ts";
import { fitSnorkel } from "./snorkel.ts";
import { fitTriplet, type TripletParameters, tripletScorer } from "./triplet.ts";
import { cellsOf, type VoteCells } from "./vote-cells.ts";

/** A label model with what it learned; JSON keeps it without loss. */
export type FittedLabelModel = { programs: number; classes: number; calibration?: Calibration } & (
  | { name: "majority" }
  | ({ name: "triplet" } & TripletParameters)
  | ({ name: "auto" } & AutoParameters)
  | { name: Exclude<LabelModelName, "majority" | "triplet" | "auto">; evidence: PlainLogLinear }
);

/** Gives the posterior of any pattern of votes, met in the fit or not: [programs] in, [classes] out. */
export type Posterior = (pattern: ArrayLike<number>, out: Float64Array) => void;

/** More patterns make a fit slower and hardly better; and fewer are enough where each has many votes, of many classes. */
const MOST_PATTERNS = 50_000;
/** Votes of all patterns times classes: what a sweep of EM works through, in a tenth of a second. */
const MOST_WORK = 5e7;
const LEAST_PATTERNS = 2_000;

export interface FitOptions {
  /** [classes] the classes' known shares, above 0, summing to 1: `balanceShift`; `snorkel` and `triplet` are fitted with it. */
  balance?: ArrayLike<number>;
  /** [patterns × classes] rows with a gold label, by the pattern that they show: `calibrationOf`. */
  gold?: Float64Array;
  /** Exponent of the probabilities, above 0; below 1 they are less sure. */
  temperature?: number;
}

/** `fitLabelModel`, then what is known besides the votes. */
export function fitCalibrated(
  name: LabelModelName,
  histogram: Histogram,
  { balance, gold, temperature }: FitOptions,
): FittedLabelModel {
  const model = fitLabelModel(name, histogram, { balance });
  const calibration: Calibration = { ...(temperature !== undefined && { temperature }) };
  if (gold) calibration.gold = calibrationOf(histogram, posteriorsOf(model, histogram), gold);
  if (balance) {
    const posteriors = posteriorsOf({ ...model, calibration: { gold: calibration.gold } }, histogram);
    calibration.balance = balanceShift(histogram, posteriors, balance);
  }
  return Object.keys(calibration).length > 0 ? { ...model, calibration } : model;
}

/**
 * Fits a label model to counts of vote patterns.
 *
 * - `auto`: `fitAuto`, the default.
 * - `majority`: each class gets its share of the votes.
 * - `weighted`: each vote counts by its estimated precision, `fitPrecision`; all programs count as independent.
 * - `dawid-skene`: `fitDawidSkene` from the mean of the precision and the confusion model; abstentions inform.
 * - `dawid-skene-plain`, `dawid-skene-ignoring`: as published, abstentions being a symbol or no observation.
 * - `ibcc`, `snorkel`, `triplet`: `fitIbcc`, `fitSnorkel`, `fitTriplet`.
 */
export function fitLabelModel(
  name: LabelModelName,
  histogram: Histogram,
  { balance }: Pick<FitOptions, "balance"> = {},
): FittedLabelModel {
  const { programs, classes, counts } = histogram;
  const shape = { programs, classes };
  if (name === "majority") return { name, ...shape };
  const most = name === "auto" && isLarge(histogram) ? MOST_PATTERNS : affordable(histogram);
  const met = counts.length > most ? thinned(histogram, most) : histogram;
  if (name === "auto") return { name, ...shape, ...fitAuto(met) };
  const votes = cellsOf(met);
  if (name === "triplet") return { name, ...shape, ...fitTriplet(votes, { balance }) };
  const evidence = {
    weighted: () => fitPrecision(votes, alike(programs)),
    "dawid-skene": () => fitDawidSkene(votes, simpleStart(votes)),
    "dawid-skene-plain": () => fitPlainDawidSkene(votes, "informative"),
    "dawid-skene-ignoring": () => fitPlainDawidSkene(votes, "ignored"),
    ibcc: () => fitIbcc(votes),
    snorkel: () => fitSnorkel(votes, { balance }),
  }[name]();
  return { name, ...shape, evidence: plain(evidence) };
}

/** Patterns that a fit by sweeps can afford. */
function affordable({ patterns, counts, classes }: Histogram): number {
  let votes = 0;
  for (let at = 0; at < patterns.length; at++) if (patterns[at] !== ABSTAIN) votes += 1;
  const mean = Math.max(1, votes / Math.max(1, counts.length));
  return Math.min(MOST_PATTERNS, Math.max(LEAST_PATTERNS, Math.floor(MOST_WORK / (mean * classes))));
}

/** The mean of the precision and the confusion model: near enough to the truth that EM does not swap classes. */
function simpleStart(votes: VoteCells): Float64Array {
  const weights = alike(votes.programs);
  const byPrecision = posteriorsUnder(fitPrecision(votes, weights), votes);
  const byConfusion = posteriorsUnder(fitConfusion(votes, weights), votes);
  return pooled(byPrecision, byConfusion, 0.5, votes.classes);
}

/**
 * The posterior of a fitted model. A pattern without votes gets what the model expects of such rows: the uniform
 * distribution (majority), the balance (weighted), or a posterior of silence (dawid-skene, auto); whether to publish
 * it is the caller's to decide.
 */
export function posteriorOf(model: FittedLabelModel): Posterior {
  const posterior = uncalibrated(model);
  if (!model.calibration) return posterior;
  const calibrate = calibrator(model.calibration, model.classes);
  return (pattern, out) => {
    posterior(pattern, out);
    calibrate(pattern, out);
  };
}

function uncalibrated(model: FittedLabelModel): Posterior {
  if (model.name === "majority") return voteShares;
  if (model.name === "auto") return autoScorer(model, model.classes);
  if (model.name === "triplet") return tripletScorer(model);
  return scorerOf(typed(model.evidence));
}

/** The posteriors of all patterns of a histogram, [patterns × classes]. */
export function posteriorsOf(model: FittedLabelModel, { patterns, counts, programs, classes }: Histogram) {
  const posterior = posteriorOf(model);
  const all = new Float64Array(counts.length * classes);
  const one = new Float64Array(classes);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    posterior(patterns.subarray(pattern * programs, (pattern + 1) * programs), one);
    all.set(one, pattern * classes);
  }
  return all;
}
