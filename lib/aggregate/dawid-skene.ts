import { type LogLinear, largestChange, posteriorsUnder } from "./log-linear.ts";
import { alike, majorityShares, voteBalance } from "./majority.ts";
import { precisionPrior } from "./precision.ts";
import { cellSums, classSums, type VoteCells } from "./vote-cells.ts";

const SWEEPS = 50;
const TOLERANCE = 1e-4;
/** What the prior of a program is worth, in votes of it. */
const PRIOR_VOTES = 4;
/** What the prior of the class balance is worth, in rows a class. */
const PRIOR_ROWS = 2;

/**
 * Dawid and Skene's model (1979) with priors, by EM: an abstention is one more symbol and as informative as a vote.
 * Each program's prior is worth four of its votes and shaped as `precisionPrior`. `model_D` of the specification.
 *
 * @param start [patterns × classes] posteriors to begin from; they decide which optimum is found
 */
export function fitDawidSkene(votes: VoteCells, start: Float64Array): LogLinear {
  const { programs, classes, totals } = votes;
  const rows = Math.max(votes.rows, 1);
  const balance = voteBalance(votes, majorityShares(votes, alike(programs)));
  const prior = precisionPrior(balance);
  /** Rows a program's prior stands for: as many as it takes to give `PRIOR_VOTES`. */
  const priorRows = Float64Array.from({ length: programs }, (_, program) => {
    let voted = 0;
    for (let vote = 0; vote < classes; vote++) voted += totals[program * classes + vote] / rows;
    return PRIOR_VOTES / Math.max(voted, 1e-9);
  });

  let posteriors = start;
  for (let sweep = 1; ; sweep++) {
    const model = maximized(posteriors);
    const next = posteriorsUnder(model, votes);
    if (sweep === SWEEPS || largestChange(posteriors, next) < TOLERANCE) return model;
    posteriors = next;
  }

  function maximized(given: Float64Array): LogLinear {
    const ofClass = classSums(votes, given, "all");
    const sums = cellSums(votes, given);
    const bias = ofClass.map((sum) => Math.log((sum + PRIOR_ROWS) / (votes.rows + classes * PRIOR_ROWS)));
    const table = new Float64Array(sums.length);
    for (let program = 0; program < programs; program++) {
      for (let label = 0; label < classes; label++) {
        let voted = 0;
        for (let vote = 0; vote < classes; vote++) {
          const cell = program * classes + vote;
          const expected = (totals[cell] / rows) * prior[vote * classes + label] * priorRows[program];
          table[cell * classes + label] = sums[cell * classes + label] + expected;
          voted += table[cell * classes + label];
        }
        const abstained = Math.max(ofClass[label] + priorRows[program] * balance[label] - voted, 1e-9);
        const all = voted + abstained;
        const silence = Math.log(Math.max(abstained / all, 1e-12));
        bias[label] += silence;
        for (let vote = 0; vote < classes; vote++) {
          const at = (program * classes + vote) * classes + label;
          table[at] = Math.log(Math.max(table[at] / all, 1e-12)) - silence;
        }
      }
    }
    return { bias, table };
  }
}
