import type { LabelModelName } from "../contracts/label-models.ts";
import type { Warning } from "../contracts/objects.ts";
import type { ProgramSummary } from "../contracts/receipt.ts";
import { countPrediction, type Metrics, metricCounter, metricsOf } from "../evaluate/metrics.ts";
import { type Histogram, indexVotes } from "./histogram.ts";
import { type FitOptions, fitCalibrated, posteriorsOf } from "./label-model.ts";
import { summarizeVotes } from "./program-summary.ts";
import type { VoteArray } from "./vote-array.ts";
import type { VoteTable } from "./vote-table.ts";
import { warningsOf } from "./warnings.ts";
import { winnersOf } from "./winners.ts";

/** Quality over the rows that have gold and a vote; a tie counts by the share of its classes that is right. */
export interface VoteMetrics extends Metrics {
  /** What majority vote reaches on the same rows. */
  majority: { accuracy: number; macroF1: number };
}

/** What a label model makes of a table of votes. */
export interface AggregatedVotes {
  model: LabelModelName;
  classes: string[];
  rows: number;
  patterns: number;
  /** Shares of the rows: with a vote, and with votes for different classes. */
  coverage: number;
  conflict: number;
  /** [classes] estimated share of each class among rows with a vote. */
  balance: number[];
  programs: ({ name: string } & ProgramSummary)[];
  metrics?: VoteMetrics;
  warnings: Warning[];
}

/** With the probabilities, which rows of one pattern share. */
export interface AggregatedRows extends AggregatedVotes {
  /** [patterns × classes] */
  posteriors: Float64Array;
  /** [rows] */
  patternOfRow: Uint32Array;
}

/**
 * Fits a label model to a table of votes and applies it. The table's own labels fill `metrics` and nothing else; `gold`
 * is what may influence the fit.
 *
 * @param options.gold [rows] −1 where there is none
 */
export function aggregateVotes(
  table: VoteTable,
  name: LabelModelName,
  { gold, ...options }: Omit<FitOptions, "gold"> & { gold?: VoteArray } = {},
): AggregatedRows {
  const { classes, columns, labels } = table;
  const { histogram, patternOfRow } = indexVotes(columns, classes.length);
  const model = fitCalibrated(name, histogram, {
    ...options,
    ...(gold && { gold: byPattern(gold, classes.length, histogram, patternOfRow) }),
  });
  const posteriors = posteriorsOf(model, histogram);
  const summary = summarizeVotes(histogram, model, posteriors);
  return {
    model: name,
    classes,
    rows: summary.rows,
    patterns: histogram.counts.length,
    coverage: summary.covered / summary.rows,
    conflict: summary.conflicting / summary.rows,
    balance: summary.balance,
    programs: table.programs.map((program, index) => ({ name: program, ...summary.programs[index] })),
    ...(labels && { metrics: metricsAgainst(labels, classes, histogram, posteriors, patternOfRow) }),
    warnings: warningsOf({ histogram, model, posteriors, summary, names: table }),
    posteriors,
    patternOfRow,
  };
}

/** Rows with a label, by the pattern they show and the label, [patterns × classes]. */
function byPattern(
  labels: VoteArray,
  classes: number,
  { counts }: Histogram,
  patternOfRow: Uint32Array,
): Float64Array {
  const rows = new Float64Array(counts.length * classes);
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] >= 0) rows[patternOfRow[row] * classes + labels[row]] += 1;
  }
  return rows;
}

function metricsAgainst(
  labels: VoteArray,
  classes: readonly string[],
  histogram: Histogram,
  posteriors: Float64Array,
  patternOfRow: Uint32Array,
): VoteMetrics {
  const { patterns, programs, counts } = histogram;
  const gold = byPattern(labels, classes.length, histogram, patternOfRow);
  const byMajority = posteriorsOf({ name: "majority", programs, classes: classes.length }, histogram);
  const counter = metricCounter(classes.length);
  const majorityCounter = metricCounter(classes.length);
  let withGold = 0;
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const at = pattern * classes.length;
    const covered = patterns.subarray(pattern * programs, (pattern + 1) * programs).some((vote) => vote >= 0);
    const winners = winnersOf(posteriors, at, classes.length);
    const majorityWinners = winnersOf(byMajority, at, classes.length);
    for (let label = 0; label < classes.length; label++) {
      const rows = gold[at + label];
      withGold += rows;
      if (!covered || rows === 0) continue;
      for (const winner of winners) countPrediction(counter, label, winner, rows / winners.length);
      for (const winner of majorityWinners) {
        countPrediction(majorityCounter, label, winner, rows / majorityWinners.length);
      }
    }
  }
  const metrics = metricsOf(counter, classes);
  const { accuracy, macroF1 } = metricsOf(majorityCounter, classes);
  const coverage = withGold > 0 ? metrics.rows / withGold : 0;
  return { ...metrics, coverage, majority: { accuracy, macroF1 } };
}

/** Rows of probabilities that make one chunk. */
const CHUNK = 8_192;

/** The result as JSON without the probabilities. */
export function summaryJson({ posteriors, patternOfRow, ...summary }: AggregatedRows): string {
  return JSON.stringify(summary);
}

/** The result as JSON in chunks: no string ever holds all rows. Probabilities have nine decimals. */
export function* resultJson(result: AggregatedRows): Generator<string> {
  const { model, classes, posteriors, patternOfRow, ...rest } = result;
  const texts: string[] = [];
  for (let at = 0; at < posteriors.length; at += classes.length) {
    const rounded = Array.from(
      posteriors.subarray(at, at + classes.length),
      (p) => Math.round(p * 1e9) / 1e9,
    );
    texts.push(JSON.stringify(rounded));
  }
  yield `{"model":${JSON.stringify(model)},"classes":${JSON.stringify(classes)},"probabilities":[`;
  for (let start = 0; start < patternOfRow.length; start += CHUNK) {
    const rows: string[] = [];
    for (const pattern of patternOfRow.subarray(start, start + CHUNK)) rows.push(texts[pattern]);
    yield (start > 0 ? ",\n" : "\n") + rows.join(",\n");
  }
  yield `\n],${JSON.stringify(rest).slice(1)}\n`;
}
