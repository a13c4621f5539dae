import { ABSTAIN } from "../contracts/columns.ts";
import { classSums, type VoteCells } from "./vote-cells.ts";

/** Vote shares of a pattern, uniform where nothing voted. `out` is [classes]. */
export function voteShares(pattern: ArrayLike<number>, out: Float64Array): void {
  out.fill(0);
  let votes = 0;
  for (let program = 0; program < pattern.length; program++) {
    const vote = pattern[program];
    if (vote === ABSTAIN) continue;
    out[vote] += 1;
    votes += 1;
  }
  for (let label = 0; label < out.length; label++)
    out[label] = votes > 0 ? out[label] / votes : 1 / out.length;
}

/**
 * Majority vote over every pattern: each class gets its share of the votes; all classes alike where nothing voted.
 *
 * @param weights [programs] what a vote counts, above 0
 * @returns [patterns × classes]
 */
export function majorityShares(votes: VoteCells, weights: Float64Array): Float64Array {
  const { classes, counts, starts, cells } = votes;
  const shares = new Float64Array(counts.length * classes);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const to = pattern * classes;
    let sum = 0;
    for (let at = starts[pattern]; at < starts[pattern + 1]; at++) {
      const weight = weights[Math.floor(cells[at] / classes)];
      shares[to + (cells[at] % classes)] += weight;
      sum += weight;
    }
    for (let label = 0; label < classes; label++) {
      shares[to + label] = sum > 0 ? shares[to + label] / sum : 1 / classes;
    }
  }
  return shares;
}

/** Class balance of covered rows, each class at least 0.001; uniform where no row is covered. [classes] */
export function voteBalance(votes: VoteCells, posteriors: Float64Array): Float64Array {
  const balance = classSums(votes, posteriors, "covered");
  const covered = balance.reduce((sum, share) => sum + share, 0);
  for (let label = 0; label < balance.length; label++) {
    balance[label] = covered > 0 ? Math.max(balance[label] / covered, 1e-3) : 1;
  }
  const sum = balance.reduce((total, share) => total + share, 0);
  for (let label = 0; label < balance.length; label++) balance[label] /= sum;
  return balance;
}

/** What `majorityShares` and the models take for programs that all count alike. */
export const alike = (programs: number): Float64Array => new Float64Array(programs).fill(1);
