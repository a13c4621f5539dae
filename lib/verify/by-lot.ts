/** Votes on labeled rows, those that agree, and how many would if they knew nothing of the rows. */
interface Counts {
  votes: number;
  agreeing: number;
  byLot: number;
}

/**
 * How many votes agree if they fall on rows by lot. The rows are all that are labeled: which of them a program votes on is half of
 * what it knows, and all of it where it votes for one class.
 *
 * @param given [classes] votes for each
 * @param there [classes] labeled rows of each
 */
export function byLotOf(given: ArrayLike<number>, there: ArrayLike<number>): number {
  let rows = 0;
  let agreeing = 0;
  for (let label = 0; label < given.length; label++) {
    rows += there[label];
    agreeing += given[label] * there[label];
  }
  return rows > 0 ? agreeing / rows : 0;
}

/** With fewer votes accident decides. */
const FEWEST_VOTES = 20;

/**
 * Whether votes may as well have been given by lot. Such votes agree as often as lot has it, and only one time in six more often by
 * a standard deviation (of a binomial).
 */
export const isByLot = ({ votes, agreeing, byLot }: Counts): boolean =>
  votes >= FEWEST_VOTES && agreeing - byLot <= Math.sqrt(byLot * (1 - byLot / votes));
