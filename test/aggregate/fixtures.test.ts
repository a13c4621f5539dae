import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fitAuto } from "../../lib/aggregate/auto.ts";
import { fitConfusion } from "../../lib/aggregate/confusion.ts";
import type { Histogram } from "../../lib/aggregate/histogram.ts";
import { fitLabelModel, posteriorOf } from "../../lib/aggregate/label-model.ts";
import { scorerOf } from "../../lib/aggregate/log-linear.ts";
import { alike } from "../../lib/aggregate/majority.ts";
import { fitPlainDawidSkene } from "../../lib/aggregate/plain-dawid-skene.ts";
import { cellsOf } from "../../lib/aggregate/vote-cells.ts";

interface Fixture {
  name: string;
  K: number;
  M: number;
  patterns: number[][];
  counts: number[];
  diagnostics: {
    kept_lfs: number[];
    dup_weights: number[];
    gofD: number;
    gofB: number;
    wA: number;
    info: number;
    lam: number;
  };
  posteriors: Record<string, number[][]>;
}

type Scorer = (pattern: readonly number[], out: Float64Array) => void;

/** What the reference calls our models. */
const MODELS: Record<string, (histogram: Histogram) => Scorer> = {
  majority: (histogram) => posteriorOf(fitLabelModel("majority", histogram)),
  model_A: (histogram) => posteriorOf(fitLabelModel("weighted", histogram)),
  model_B: (histogram) => scorerOf(fitConfusion(cellsOf(histogram), alike(histogram.programs))),
  model_D_from_poolAB: (histogram) => posteriorOf(fitLabelModel("dawid-skene", histogram)),
  auto: (histogram) => posteriorOf(fitLabelModel("auto", histogram)),
  dawid_skene_abstain_20it: (histogram) => scorerOf(fitPlainDawidSkene(cellsOf(histogram), "informative")),
  dawid_skene_ignore_abstain_20it: (histogram) => scorerOf(fitPlainDawidSkene(cellsOf(histogram), "ignored")),
};

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

  it.each(Object.entries(MODELS))("gives the reference's posteriors to 1e-6: %s", (name, scorerFor) => {
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

  it("drops, weighs and trusts as the reference does", () => {
    const { copyOf, weights, precisionShare, dawidSkeneShare, fit } = fitAuto(histogram);
    const kept = [...copyOf.keys()].filter((program) => copyOf[program] === -1);
    const { kept_lfs, dup_weights, gofD, gofB, wA, info, lam } = fixture.diagnostics;
    expect(kept).toEqual(kept_lfs);
    const numbers = [...kept.map((at) => weights[at]), fit.dawidSkene, fit.confusion, fit.votesPerParameter];
    const expected = [...dup_weights, gofD, gofB, info];
    for (const [at, number] of numbers.entries()) expect(number / expected[at]).toBeCloseTo(1, 6);
    expect(precisionShare).toBeCloseTo(wA, 6);
    expect(dawidSkeneShare).toBeCloseTo(lam, 6);
  });
}

describe.each(fixturesIn(join(import.meta.dirname, "fixtures")))("on %s", (_name, path) => {
  describeFixture(path);
});

const REFERENCE = join(import.meta.dirname, "../../../shared/reference/fixtures");
const present = existsSync(REFERENCE);

describe.skipIf(!present)("with the whole reference beside the repository", () => {
  describe.each(present ? fixturesIn(REFERENCE) : [])("on %s", (_name, path) => {
    describeFixture(path);
  });
});
