import { histogramOf } from "../../lib/aggregate/histogram.ts";
import { fitCalibrated, posteriorsOf } from "../../lib/aggregate/label-model.ts";
import { labelShardWith } from "../../lib/aggregate/label-shard.ts";
import { summarizeVotes } from "../../lib/aggregate/program-summary.ts";
import { ABSTAIN } from "../../lib/contracts/columns.ts";
import { hashOfJson } from "../../lib/contracts/hash.ts";
import type { LabelModelName } from "../../lib/contracts/label-models.ts";
import { countPrediction, metricCounter, metricsOf } from "../../lib/evaluate/metrics.ts";
import type { Quality, SetFigures, TaskFigures } from "./figures.ts";

/** Votes of programs on rows, and gold to judge them by. */
export interface VotedRows {
  classes: string[];
  /** [programs] of [rows], ABSTAIN or a class. */
  columns: Int8Array[];
  /** [rows] a class, or −1 where a row has none. */
  gold: Int8Array;
}

/** Orders of the programs that are tried for each number of them. */
const DRAWS = 10;
const COUNTS = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 50, 100];

/** How good the labels are that a label model makes of votes, as a run would publish them. */
export function qualityOf({ classes, columns, gold }: VotedRows, name: LabelModelName): Quality {
  const histogram = histogramOf(columns, classes.length);
  const model = fitCalibrated(name, histogram, {});
  const { balance } = summarizeVotes(histogram, model, posteriorsOf(model, histogram));
  const { patternOf, labels } = labelShardWith(
    columns,
    columns.map(() => false),
    model,
    balance,
  );
  const counter = metricCounter(classes.length);
  for (const [row, right] of gold.entries()) {
    if (right >= 0) countPrediction(counter, right, labels[patternOf[row]]);
  }
  const { coverage, accuracy, macroF1 } = metricsOf(counter, classes);
  return { coverage, accuracy, macroF1 };
}

/** The figures of a set of programs. */
export function setFigures(voted: VotedRows): SetFigures {
  const { columns, gold } = voted;
  const rows = [...gold.keys()].filter((row) => gold[row] >= 0);
  const each = columns.map((column) => {
    const votes = rows.filter((row) => column[row] !== ABSTAIN);
    return {
      coverage: votes.length / rows.length,
      accuracy: votes.filter((row) => column[row] === gold[row]).length / votes.length,
    };
  });
  const voting = each.filter(({ coverage }) => coverage > 0);
  const inConflict = rows.filter((row) => {
    const votes = columns.map((column) => column[row]).filter((vote) => vote !== ABSTAIN);
    return votes.some((vote) => vote !== votes[0]);
  });
  return {
    programs: columns.length,
    rows: rows.length,
    programCoverage: mean(each.map(({ coverage }) => coverage)),
    programAccuracy: mean(voting.map(({ accuracy }) => accuracy)),
    conflict: inConflict.length / rows.length,
    majority: qualityOf(voted, "majority"),
    auto: qualityOf(voted, "auto"),
  };
}

/** Accuracy by number of programs: of each of some seeded orders the first one, two, three … @param ids [programs] */
export function accuracyByCount(voted: VotedRows, ids: readonly string[]): TaskFigures["counts"] {
  const orders = Array.from({ length: DRAWS }, (_, draw) =>
    ids
      .map((id, program) => ({ program, place: hashOfJson(["results", draw, id]) }))
      .sort((one, other) => (one.place < other.place ? -1 : 1))
      .map(({ program }) => voted.columns[program]),
  );
  const sizes = [...new Set([...COUNTS.filter((count) => count < ids.length), ids.length])];
  return sizes.map((programs) => {
    // All of them are one set, whatever their order.
    const sets = programs === ids.length ? [voted.columns] : orders.map((order) => order.slice(0, programs));
    const accuracies = (model: LabelModelName) =>
      sets.map((columns) => qualityOf({ ...voted, columns }, model).accuracy);
    const auto = accuracies("auto");
    const middle = mean(auto);
    const deviation = Math.sqrt(
      auto.reduce((sum, accuracy) => sum + (accuracy - middle) ** 2, 0) / Math.max(1, auto.length - 1),
    );
    return { programs, mean: middle, deviation, majority: mean(accuracies("majority")) };
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
