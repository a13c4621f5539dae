import { z } from "zod";
import { type AutoParameters, autoScorer, fitAuto } from "./auto.ts";
import { fitConfusion } from "./confusion.ts";
import { fitDawidSkene } from "./dawid-skene.ts";
import { type Histogram, thinned } from "./histogram.ts";
import { type PlainLogLinear, plain, pooled, posteriorsUnder, scorerOf, typed } from "./log-linear.ts";
import { alike, voteShares } from "./majority.ts";
import { fitPrecision } from "./precision.ts";
import { cellsOf, type VoteCells } from "./vote-cells.ts";

/** The label models there are. */
export const LabelModelName = z.enum(["auto", "majority", "weighted", "dawid-skene"]);
export type LabelModelName = z.infer<typeof LabelModelName>;

/** A label model with what it learned; JSON keeps it without loss. */
export type FittedLabelModel = { programs: number; classes: number } & (
  | { name: "majority" }
  | { name: "weighted" | "dawid-skene"; evidence: PlainLogLinear }
  | ({ name: "auto" } & AutoParameters)
);

/** Gives the posterior of any pattern of votes, met in the fit or not: [programs] in, [classes] out. */
export type Posterior = (pattern: ArrayLike<number>, out: Float64Array) => void;

/** More patterns make a fit slower and hardly better. */
const MOST_PATTERNS = 50_000;

/**
 * Fits a label model to counts of vote patterns.
 *
 * - `majority`: each class gets its share of the votes.
 * - `weighted`: each vote counts by its estimated precision, `fitPrecision`; all programs count as independent.
 * - `dawid-skene`: `fitDawidSkene` from the mean of the precision and the confusion model; abstentions inform.
 * - `auto`: `fitAuto`, the default.
 */
export function fitLabelModel(name: LabelModelName, histogram: Histogram): FittedLabelModel {
  const { programs, classes, counts } = histogram;
  const shape = { programs, classes };
  if (name === "majority") return { name, ...shape };
  const met = counts.length > MOST_PATTERNS ? thinned(histogram, MOST_PATTERNS) : histogram;
  if (name === "auto") return { name, ...shape, ...fitAuto(met) };
  const votes = cellsOf(met);
  if (name === "weighted") return { name, ...shape, evidence: plain(fitPrecision(votes, alike(programs))) };
  return { name, ...shape, evidence: plain(fitDawidSkene(votes, simpleStart(votes))) };
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
  if (model.name === "majority") return voteShares;
  if (model.name === "auto") return autoScorer(model, model.classes);
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
