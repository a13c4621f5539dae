import { multipolar } from "./precision.ts";
import { cellSums, classSums, type VoteCells } from "./vote-cells.ts";

/**
 * Whether abstaining depends on the class: the share of the variance of "this program votes" that the class explains
 * (the squared correlation ratio), less what chance explains and two standard deviations of that, as the mean over programs that vote for several classes,
 * each weighed by its votes, times those programs' share of all votes. 0 where there are none: a program of one class
 * votes when it sees its class, which says nothing of the others' silence.
 *
 * People asked at random abstain alike whatever the truth (0.00 to 0.007); programs that know some classes better
 * than others do not (0.015 to 0.12 in ten-program sets of a language model).
 *
 * @param posteriors [patterns × classes]
 */
export function firingByClass(votes: VoteCells, posteriors: Float64Array): number {
  const { programs, classes, totals } = votes;
  const ofClass = classSums(votes, posteriors, "covered");
  const rows = ofClass.reduce((sum, count) => sum + count, 0);
  const several = multipolar(votes);
  const sums = cellSums(votes, posteriors);
  const byChance = (classes - 1 + 2 * Math.sqrt(2 * (classes - 1))) / rows;
  let explained = 0;
  let voted = 0;
  for (let program = 0; program < programs; program++) {
    let fires = 0;
    for (let vote = 0; vote < classes; vote++) fires += totals[program * classes + vote];
    voted += fires;
    const rate = fires / rows;
    if (!several[program] || rate >= 1) continue;
    let between = 0;
    for (let label = 0; label < classes; label++) {
      if (ofClass[label] < 1e-9) continue;
      let ofLabel = 0;
      for (let vote = 0; vote < classes; vote++)
        ofLabel += sums[(program * classes + vote) * classes + label];
      between += (ofClass[label] / rows) * (ofLabel / ofClass[label] - rate) ** 2;
    }
    explained += fires * (between / (rate * (1 - rate)) - byChance);
  }
  return voted > 0 ? explained / voted : 0;
}
