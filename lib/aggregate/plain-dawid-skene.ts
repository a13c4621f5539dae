import { type LogLinear, posteriorsUnder } from "./log-linear.ts";
import { alike, majorityShares } from "./majority.ts";
import { cellSums, classSums, type VoteCells } from "./vote-cells.ts";

/** Least probability of a vote, as the reference implementations of either kind have it. */
const FLOOR = { informative: 1e-300, ignored: 1e-10 };

/**
 * Dawid and Skene's EM (1979) as published, without priors, from the majority's shares: what others call by the
 * name, for comparisons. It collapses on programs of one class when abstentions are ignored, and on correlated
 * ones when they are not; `fitDawidSkene` does neither as easily.
 *
 * @param abstentions whether an abstention is one more symbol, or no observation
 */
export function fitPlainDawidSkene(
  votes: VoteCells,
  abstentions: "informative" | "ignored",
  sweeps = 20,
): LogLinear {
  const { programs, classes } = votes;
  const floor = FLOOR[abstentions];
  let model: LogLinear = {
    bias: new Float64Array(classes),
    table: new Float64Array(programs * classes ** 2),
  };
  let posteriors = majorityShares(votes, alike(programs));
  for (let sweep = 0; sweep < sweeps; sweep++) {
    model = maximized(posteriors);
    posteriors = posteriorsUnder(model, votes);
  }
  return model;

  function maximized(given: Float64Array): LogLinear {
    const ofClass = classSums(votes, given, "all");
    const table = cellSums(votes, given);
    const bias = ofClass.map((sum) => Math.log(Math.max(sum / Math.max(votes.rows, 1), floor)));
    for (let program = 0; program < programs; program++) {
      for (let label = 0; label < classes; label++) {
        const first = program * classes * classes + label;
        let voted = 0;
        for (let vote = 0; vote < classes; vote++) voted += table[first + vote * classes];
        const all = Math.max(abstentions === "ignored" ? voted : ofClass[label], 1e-300);
        const silence =
          abstentions === "ignored"
            ? 0
            : Math.log(Math.max(abstainedShare(program, label, given) / all, floor));
        bias[label] += silence;
        for (let vote = 0; vote < classes; vote++) {
          const at = first + vote * classes;
          table[at] = Math.log(Math.max(table[at] / all, floor)) - silence;
        }
      }
    }
    return { bias, table };
  }

  /** Summed over the abstaining rows: a difference of sums would lose shares that are all but zero. */
  function abstainedShare(program: number, label: number, given: Float64Array): number {
    let sum = 0;
    for (let pattern = 0; pattern < votes.counts.length; pattern++) {
      if (votes.patterns[pattern * programs + program] < 0) {
        sum += votes.counts[pattern] * given[pattern * classes + label];
      }
    }
    return sum;
  }
}
