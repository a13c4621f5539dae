import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fitAuto } from "../../lib/aggregate/auto.ts";
import { fitConfusion } from "../../lib/aggregate/confusion.ts";
import type { Histogram } from "../../lib/aggregate/histogram.ts";
import { fitLabelModel, posteriorOf } from "../../lib/aggregate/label-model.ts";
import { scorerOf } from "../../lib/aggregate/log-linear.ts";
import { alike, majorityShares, voteBalance } from "../../lib/aggregate/majority.ts";
import { fitPlainDawidSkene } from "../../lib/aggregate/plain-dawid-skene.ts";
import { fitSnorkel } from "../../lib/aggregate/snorkel.ts";
import { fitTriplet, tripletScorer } from "../../lib/aggregate/triplet.ts";
import { cellsOf } from "../../lib/aggregate/vote-cells.ts";

interface Fixture {
  name: string;
  K: number;
  M: number;
  patterns: number[][];
  counts: number[];
  posteriors: Record<string, number[][]>;
}

type Scorer = (pattern: readonly number[], out: Float64Array) => void;

/** What the reference calls our models. */
const MODELS: Record<string, (histogram: Histogram) => Scorer> = {
  majority: (histogram) => posteriorOf(fitLabelModel("majority", histogram)),
  model_A: (histogram) => posteriorOf(fitLabelModel("weighted", histogram)),
  model_B: (histogram) => scorerOf(fitConfusion(cellsOf(histogram), alike(histogram.programs))),
  model_D_from_poolAB: (histogram) => posteriorOf(fitLabelModel("dawid-skene", histogram)),
  "ibcc_vb_to_tol1e-3": (histogram) => posteriorOf(fitLabelModel("ibcc", histogram)),
  "snorkel_f64_scale0.5_100ep_uniform": (histogram) => posteriorOf(fitLabelModel("snorkel", histogram)),
  "snorkel_f64_scale0.5_500ep_mvbal": (histogram) =>
    scorerOf(fitSnorkel(cellsOf(histogram), { epochs: 500, balance: majorityBalance(histogram) })),
  flyingsquid_fixed_mvbal: (histogram) => posteriorOf(fitLabelModel("triplet", histogram)),
  flyingsquid_ref_quirk_uniform: (histogram) =>
    tripletScorer(fitTriplet(cellsOf(histogram), { balance: uniform(histogram.classes), asReference: true })),
  dawid_skene_abstain_20it: (histogram) => scorerOf(fitPlainDawidSkene(cellsOf(histogram), "informative")),
  dawid_skene_ignore_abstain_20it: (histogram) => scorerOf(fitPlainDawidSkene(cellsOf(histogram), "ignored")),
};

const uniform = (classes: number) => new Float64Array(classes).fill(1 / classes);

function majorityBalance(histogram: Histogram): Float64Array {
  const votes = cellsOf(histogram);
  return voteBalance(votes, majorityShares(votes, alike(histogram.programs)));
}

const fixturesIn = (folder: string): [string, string][] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => [file.replace(".json", ""), join(folder, file)]);

function describeFixture(path: string): void {
  const fixture = JSON.parse(readFileSync(path, "utf8")) as Fixture;
  const histogram: Histogram = {
    programs: fixture.M,
    classes: fixture.K,
    patterns: Int8Array.from(fixture.patterns.flat()),
    counts: Float64Array.from(fixture.counts),
  };

  const listed = Object.entries(MODELS).filter(([name]) => name in fixture.posteriors);
  it.each(listed)("gives the reference's posteriors to 1e-6: %s", (name, scorerFor) => {
    const score = scorerFor(histogram);
    const out = new Float64Array(fixture.K);
    let worst = 0;
    for (const [index, pattern] of fixture.patterns.entries()) {
      score(pattern, out);
      for (const [label, expected] of fixture.posteriors[name][index].entries()) {
        worst = Math.max(worst, Math.abs(out[label] - expected));
      }
    }
    expect(worst).toBeLessThan(1e-6);
  });
}

describe.each(fixturesIn(join(import.meta.dirname, "fixtures")))("on %s", (_name, path) => {
  describeFixture(path);
});

/** What an independent implementation makes of `auto`, in the same form, with its shares. */
interface AutoFixture extends Omit<Fixture, "posteriors"> {
  kept: number[];
  weights: number[];
  precisionShare: number;
  pairsShare: number;
  dawidSkeneShare: number;
  posteriors: number[][];
}

describe.each(fixturesIn(join(import.meta.dirname, "fixtures/auto")))("auto on %s", (_name, path) => {
  const fixture = JSON.parse(readFileSync(path, "utf8")) as AutoFixture;
  const histogram: Histogram = {
    programs: fixture.M,
    classes: fixture.K,
    patterns: Int8Array.from(fixture.patterns.flat()),
    counts: Float64Array.from(fixture.counts),
  };

  it("gives the posteriors to 1e-6", () => {
    const score = posteriorOf(fitLabelModel("auto", histogram));
    const out = new Float64Array(fixture.K);
    let worst = 0;
    for (const [index, pattern] of fixture.patterns.entries()) {
      score(pattern, out);
      for (const [label, expected] of fixture.posteriors[index].entries()) {
        worst = Math.max(worst, Math.abs(out[label] - expected));
      }
    }
    expect(worst).toBeLessThan(1e-6);
  });

  it("drops, weighs and trusts alike", () => {
    const { copyOf, weights, precisionShare, pairsShare, dawidSkeneShare } = fitAuto(histogram);
    const kept = [...copyOf.keys()].filter((program) => copyOf[program] === -1);
    expect(kept).toEqual(fixture.kept);
    for (const [at, program] of kept.entries()) expect(weights[program]).toBeCloseTo(fixture.weights[at], 6);
    expect(precisionShare).toBeCloseTo(fixture.precisionShare, 6);
    expect(pairsShare).toBeCloseTo(fixture.pairsShare, 6);
    expect(dawidSkeneShare).toBeCloseTo(fixture.dawidSkeneShare, 6);
  });
});

const REFERENCE = join(import.meta.dirname, "../../../shared/reference/fixtures");
const present = existsSync(REFERENCE);

describe.skipIf(!present)("with the whole reference beside the repository", () => {
  describe.each(present ? fixturesIn(REFERENCE) : [])("on %s", (_name, path) => {
    describeFixture(path);
  });
});
