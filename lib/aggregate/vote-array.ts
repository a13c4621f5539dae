import { MOST_CLASSES } from "../contracts/columns.ts";

/** Classes that anybody's votes may be of: more than a task's, whose votes are stored as Int8. */
export const MOST_VOTED_CLASSES = 200;

/** Votes, ABSTAIN or a class: Int8, or Int16 of more classes than a task has. */
export type VoteArray = Int8Array | Int16Array;

/** Room for so many votes; each is for the first class. */
export const voteArray = (classes: number, length: number): VoteArray =>
  classes > MOST_CLASSES ? new Int16Array(length) : new Int8Array(length);
