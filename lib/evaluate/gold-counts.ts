import { z } from "zod";
import { binOf } from "../aggregate/overview.ts";
import { ABSTAIN } from "../contracts/columns.ts";

/** Equal parts of confidence that a reliability diagram shows. */
export const RELIABILITY_BINS = 10;

/** Labels and votes counted against gold; counts of parts of a run add up. */
export const GoldCounts = z.strictObject({
  /** Gold values that are no class of the task. */
  strangers: z.int(),
  /** [classes] of [classes + 1] rows: gold by label, the last without one. */
  confusion: z.array(z.array(z.int())),
  /** [RELIABILITY_BINS] of labeled rows: how many, how many right, their confidences added up. */
  reliability: z.array(z.strictObject({ rows: z.int(), right: z.int(), confidence: z.number() })),
  /** [programs], of its votes on rows with gold: how many, how many right. */
  programs: z.array(z.strictObject({ votes: z.int(), right: z.int() })),
});
export type GoldCounts = z.infer<typeof GoldCounts>;

/** The labels of rows with the votes and the confidence behind each. */
export interface LabeledRows {
  /** Gold of each row as text, empty where it has none. */
  gold: readonly string[];
  /** [rows], ABSTAIN where there is no label. */
  labels: Int8Array;
  confidences: Float64Array;
  /** [programs] of [rows]. */
  columns: readonly Int8Array[];
}

/** Counts finished labels against gold: nothing that is counted here finds its way into a label. */
export function goldCounts(
  { gold, labels, confidences, columns }: LabeledRows,
  classes: readonly string[],
): GoldCounts {
  const counts = noCounts(columns.length, classes.length);
  const numbers = new Map(classes.map((name, index) => [name, index]));
  for (let row = 0; row < gold.length; row++) {
    if (gold[row] === "") continue;
    const right = numbers.get(gold[row]);
    if (right === undefined) {
      counts.strangers += 1;
      continue;
    }
    const label = labels[row];
    counts.confusion[right][label === ABSTAIN ? classes.length : label] += 1;
    if (label !== ABSTAIN) {
      const bin = counts.reliability[binOf(confidences[row], RELIABILITY_BINS)];
      bin.rows += 1;
      bin.right += label === right ? 1 : 0;
      bin.confidence += confidences[row];
    }
    for (const [program, votes] of columns.entries()) {
      if (votes[row] === ABSTAIN) continue;
      counts.programs[program].votes += 1;
      counts.programs[program].right += votes[row] === right ? 1 : 0;
    }
  }
  return counts;
}

const noCounts = (programs: number, classes: number): GoldCounts => ({
  strangers: 0,
  confusion: Array.from({ length: classes }, () => new Array<number>(classes + 1).fill(0)),
  reliability: Array.from({ length: RELIABILITY_BINS }, () => ({ rows: 0, right: 0, confidence: 0 })),
  programs: Array.from({ length: programs }, () => ({ votes: 0, right: 0 })),
});

/** Both counts together; of equal parts in equal order the same bytes. */
export const addGold = (one: GoldCounts, other: GoldCounts): GoldCounts => ({
  strangers: one.strangers + other.strangers,
  confusion: one.confusion.map((row, gold) =>
    row.map((count, label) => count + other.confusion[gold][label]),
  ),
  reliability: one.reliability.map(({ rows, right, confidence }, bin) => ({
    rows: rows + other.reliability[bin].rows,
    right: right + other.reliability[bin].right,
    confidence: confidence + other.reliability[bin].confidence,
  })),
  programs: one.programs.map(({ votes, right }, program) => ({
    votes: votes + other.programs[program].votes,
    right: right + other.programs[program].right,
  })),
});
