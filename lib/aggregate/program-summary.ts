import { ABSTAIN } from "../contracts/columns.ts";
import type { ProgramSummary } from "../contracts/receipt.ts";
import type { Histogram } from "./histogram.ts";
import type { FittedLabelModel } from "./label-model.ts";

/** What the votes of a run look like as a whole, and program by program. */
export interface VoteSummary {
  rows: number;
  /** Rows on which at least one program voted. */
  covered: number;
  /** Rows on which programs voted for different classes. */
  conflicting: number;
  /** [classes] estimated share of each class among covered rows; uniform where there are none. */
  balance: number[];
  programs: ProgramSummary[];
}

/**
 * Describes the votes under the model's posteriors, in one pass over the patterns.
 *
 * A program's `accuracy` is the expected share of its votes that are right. Its `weight` is what a vote adds, at the
 * mean, to the log-odds of its class: ln(a (K − 1) / (1 − a)) of that accuracy a, with one vote at chance added to
 * keep it finite, times the model's discount for near-copies (0 where the program was dropped). By majority every
 * program weighs 1.
 *
 * @param posteriors [patterns × classes], of `posteriorsOf`
 */
export function summarizeVotes(
  { programs, classes, patterns, counts }: Histogram,
  model: FittedLabelModel,
  posteriors: Float64Array,
): VoteSummary {
  const voted = new Float64Array(programs);
  const overlapping = new Float64Array(programs);
  const conflicting = new Float64Array(programs);
  const right = new Float64Array(programs);
  const balance = new Float64Array(classes);
  let rows = 0;
  let covered = 0;
  let inConflict = 0;
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const count = counts[pattern];
    const from = pattern * programs;
    let votes = 0;
    let first = ABSTAIN;
    let conflict = false;
    for (let program = 0; program < programs; program++) {
      const vote = patterns[from + program];
      if (vote === ABSTAIN) continue;
      votes += 1;
      if (first === ABSTAIN) first = vote;
      else if (vote !== first) conflict = true;
    }
    rows += count;
    if (votes === 0) continue;
    covered += count;
    if (conflict) inConflict += count;
    const at = pattern * classes;
    for (let label = 0; label < classes; label++) balance[label] += count * posteriors[at + label];
    for (let program = 0; program < programs; program++) {
      const vote = patterns[from + program];
      if (vote === ABSTAIN) continue;
      voted[program] += count;
      right[program] += count * posteriors[at + vote];
      if (votes > 1) overlapping[program] += count;
      if (conflict) conflicting[program] += count;
    }
  }
  const ofRows = (count: number) => (rows > 0 ? count / rows : 0);
  return {
    rows,
    covered,
    conflicting: inConflict,
    balance: [...balance].map((sum) => (covered > 0 ? sum / covered : 1 / classes)),
    programs: Array.from({ length: programs }, (_, program) => ({
      coverage: ofRows(voted[program]),
      overlap: ofRows(overlapping[program]),
      conflict: ofRows(conflicting[program]),
      accuracy: voted[program] > 0 ? right[program] / voted[program] : null,
      weight: weightOf(model, program, right[program], voted[program]),
    })),
  };
}

function weightOf(model: FittedLabelModel, program: number, right: number, voted: number): number {
  if (model.name === "majority") return 1;
  const accuracy = (right + 1 / model.classes) / (voted + 1);
  const independent = model.name === "auto" ? model.weights[program] : 1;
  return independent * Math.log((accuracy * (model.classes - 1)) / (1 - accuracy));
}
