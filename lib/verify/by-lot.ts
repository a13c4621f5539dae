/** Votes on labeled rows, those that agree, and how many would if they knew nothing of the rows. */
interface Counts {
  votes: number;
  agreeing: number;
  byLot: number;
}

/** With fewer votes accident decides. */
const FEWEST_VOTES = 20;

/**
 * Whether votes may as well have been given by lot. Such votes agree as often as lot has it, and only one time in six more often by
 * a standard deviation (of a binomial).
 */
export const isByLot = ({ votes, agreeing, byLot }: Counts): boolean =>
  votes >= FEWEST_VOTES && agreeing - byLot <= Math.sqrt(byLot * (1 - byLot / votes));
