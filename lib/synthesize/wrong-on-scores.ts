import { ABSTAIN } from "../contracts/columns.ts";
import type { ProgramVotes } from "../ports.ts";

/**
 * What is wrong with a program of an image task, whose probe rows are always whole: one that throws or never votes has
 * spelled a concept otherwise than it is.
 */
export function wrongOnScores({ votes, faults }: ProgramVotes, rows: number): string | undefined {
  if (faults.error > 0) {
    return `it throws on ${faults.error} of ${rows} probe rows, and all of them have every score: spell concepts and descriptions exactly as they are listed`;
  }
  return votes.every((vote) => vote === ABSTAIN)
    ? `it abstains on all ${rows} probe rows, though each description is the only one that fits in one of them: spell concepts and descriptions exactly as they are listed, and ask for less`
    : undefined;
}
