import { ABSTAIN } from "../contracts/columns.ts";

/** Votes on labeled rows, those that agree, and how many would if they knew nothing of the rows. */
interface Counts {
  votes: number;
  agreeing: number;
  byLot: number;
}

/**
 * A program's votes against labels of the same rows. Lot lets its votes fall on any labeled row: which of them a program votes on is half
 * of what it knows, and all of it where it votes for one class.
 */
export function countsOf(votes: Int8Array, labels: Int8Array, classes: number): Counts {
  const given = new Float64Array(classes);
  const there = new Float64Array(classes);
  let rows = 0;
  let voted = 0;
  let agreeing = 0;
  for (const [row, vote] of votes.entries()) {
    if (labels[row] === ABSTAIN) continue;
    rows += 1;
    there[labels[row]] += 1;
    if (vote === ABSTAIN) continue;
    voted += 1;
    if (vote === labels[row]) agreeing += 1;
    given[vote] += 1;
  }
  let byLot = 0;
  for (let label = 0; label < classes; label++) if (rows > 0) byLot += (given[label] * there[label]) / rows;
  return { votes: voted, agreeing, byLot };
}

/** With fewer votes accident decides. */
const FEWEST_VOTES = 20;

/**
 * Whether votes may as well have been given by lot. Such votes agree as often as lot has it, and only one time in six more often by
 * a standard deviation (of a binomial).
 */
export const isByLot = ({ votes, agreeing, byLot }: Counts): boolean =>
  votes >= FEWEST_VOTES && agreeing - byLot <= Math.sqrt(byLot * (1 - byLot / votes));
