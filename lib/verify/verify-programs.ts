import type { AggregateResult } from "../aggregate/aggregate-result.ts";
import { ABSTAIN } from "../contracts/columns.ts";
import type { ProgramSet } from "../contracts/objects.ts";
import { sumOfCalls, type Verdict } from "../contracts/verdict.ts";
import type { VerifySettings } from "../contracts/verify-settings.ts";
import type { AlchemistError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import type { Ask } from "../synthesize/ask.ts";
import { compared } from "./compare.ts";
import { type DirectLabels, labelDirectly } from "./label-directly.ts";
import { type Judged, judgedShard, type OpenRun, readGold, readValues } from "./read-rows.ts";
import { type Position, sampledRows } from "./sampled-rows.ts";
import { judged, sampleWarnings } from "./verdict.ts";

/** A run with its fit and its programs. */
export interface FittedRun extends OpenRun {
  fitted: AggregateResult;
  set: ProgramSet;
}

/**
 * Compares the programs' labels with those of a random sample, which a model or the gold column gives.
 *
 * @returns the verdict, and whether asking again can bring no other
 */
export async function verdictOf(
  open: FittedRun,
  ask: Ask,
  store: ObjectStore,
): Promise<{ verdict: Verdict; settled: boolean }> {
  const { run, source, fitted, set } = open;
  const { coverage, conflict } = { coverage: coverageOf(fitted), conflict: fitted.conflict };
  const names = { programs: set.programs.map(({ id }) => id), classes: run.classes };
  if (run.verify === null) {
    const nothing = compared([], names, 1);
    const reason = run.features
      ? "Not verified: a model is not shown pictures. Name gold labels in input.label and set verify: { by: gold } to know how far the programs can be trusted here."
      : "Not verified: verify.rows is 0, so no row was labeled directly. Set it to 100 to know how far the programs can be trusted here; with by: gold beside it, gold labels judge and no model is asked.";
    const none = { by: "model" as const, model: null, sampled: 0, margin: 0 };
    const verdict = { verdict: null, reason, ...none, ...nothing, coverage, conflict };
    return { verdict: { ...verdict, cost: sumOfCalls([]), warnings: [] }, settled: true };
  }
  const { rows, by, margin, model, seed } = run.verify;
  const positions = sampledRows(source, rows, seed);
  const { labels, calls, stopped } = await sampleLabels(positions, open, run.verify, ask, store);
  const judgedRows = await judgedRowsOf(positions, open, store);
  const comparedRows = judgedRows.flatMap((row, index) => {
    const sample = labels[index] ?? ABSTAIN;
    return sample === ABSTAIN ? [] : [{ ...row, sample }];
  });
  const comparison = compared(comparedRows, names, margin);
  const circumstances = {
    by,
    model: by === "gold" ? null : model,
    sampled: positions.length,
    margin,
  };
  const verdict: Verdict = {
    ...judged(comparison, { ...circumstances, stopped: stopped?.message }),
    ...circumstances,
    ...comparison,
    coverage,
    conflict,
    cost: sumOfCalls(calls),
    warnings: sampleWarnings(comparison, circumstances),
  };
  return { verdict, settled: isSettled(stopped) };
}

/** A cap belongs to the run: one that is spent stays spent. A key, a recording or a price can come from outside. */
export const isSettled = (stopped: AlchemistError | undefined): boolean =>
  stopped === undefined || stopped.code === "budget-exceeded";

const coverageOf = ({ statistics }: AggregateResult): number =>
  statistics.rows > 0 ? statistics.covered / statistics.rows : 0;

/** The sample's labels, from whom the task says. */
async function sampleLabels(
  positions: readonly Position[],
  open: FittedRun,
  { by, model, seed }: VerifySettings,
  ask: Ask,
  store: ObjectStore,
): Promise<DirectLabels> {
  const { classes } = open.run;
  if (by === "gold") {
    const gold = await readGold(positions, open, store);
    return { labels: gold.map((label) => classes.indexOf(label)), calls: [] };
  }
  const values = await readValues(positions, open, store);
  return labelDirectly(values, open.run, { model, seed, purpose: "verify" }, ask);
}

/** What the run knows of rows wherever they lie, each shard read once. */
async function judgedRowsOf(
  positions: readonly Position[],
  open: FittedRun,
  store: ObjectStore,
): Promise<Judged[]> {
  const found = new Array<Judged>(positions.length);
  const byShard = Map.groupBy(positions.keys(), (index) => positions[index].shard);
  for (const [shard, indexes] of byShard) {
    const rows = await judgedShard(open, shard, store);
    for (const index of indexes) found[index] = rows[positions[index].row];
  }
  return found;
}
