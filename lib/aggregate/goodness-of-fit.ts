import { coVotes } from "./co-votes.ts";
import { cellSums, classSums, type VoteCells } from "./vote-cells.ts";

/** Pairs of votes times classes that are looked at; of more, every so many. */
const MOST_WORK = 1e8;

/**
 * How badly posteriors explain the programs' votes in pairs: the mean squared Pearson residual of pairs of votes
 * that are expected once at least if votes are independent given the class. About 1 or less where they are; 0 where
 * there is no such pair.
 *
 * @param posteriors [patterns × classes]
 */
export function goodnessOfFit(votes: VoteCells, posteriors: Float64Array): number {
  const { programs, classes, rows, totals } = votes;
  const share = classSums(votes, posteriors, "all").map((sum) => sum / rows);
  /** P(vote | class), [cells × classes]. */
  const likelihood = cellSums(votes, posteriors).map(
    (sum, at) => sum / rows / Math.max(share[at % classes], 1e-12),
  );
  const stride = Math.max(1, Math.ceil((totals.length ** 2 * classes) / 2 / MOST_WORK));
  let residuals = 0;
  let pairs = 0;
  for (let program = 0; program < programs - 1; program++) {
    const met = coVotes(votes, program);
    for (let vote = 0; vote < classes; vote++) {
      const cell = program * classes + vote;
      if (totals[cell] === 0) continue;
      const later = (program + 1) * classes;
      const first = later + ((stride - ((cell + later) % stride)) % stride);
      for (let other = first; other < totals.length; other += stride) {
        if (totals[other] === 0) continue;
        let expected = 0;
        for (let label = 0; label < classes; label++) {
          expected += likelihood[cell * classes + label] * likelihood[other * classes + label] * share[label];
        }
        if (expected * rows < 1) continue;
        const lead = met[vote * totals.length + other] / rows - expected;
        residuals += (lead * lead * rows) / Math.max(expected * (1 - expected), 1e-12);
        pairs += 1;
      }
    }
  }
  return pairs > 0 ? residuals / pairs : 0;
}
