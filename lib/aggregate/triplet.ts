import { ABSTAIN } from "../contracts/columns.ts";
import { softmax } from "./log-linear.ts";
import { alike, majorityShares, voteBalance } from "./majority.ts";
import type { VoteCells } from "./vote-cells.ts";

/** For each class against all others: log odds before any vote, and what each program's vote adds to them. */
export interface TripletParameters {
  /** [classes] */
  bias: number[];
  /** [classes × programs × 2]: a vote for the class, and one for another. */
  evidence: number[];
}

export interface TripletOptions {
  /** [classes], above 0, summing to 1: the vote shares of the majority where it is not given. */
  balance?: ArrayLike<number>;
  /** As the reference has it: the class's own odds counted once too often. */
  asReference?: boolean;
}

/**
 * FlyingSquid's triplets (Fu, Chen, Sala, Hooper, Fatahalian, Ré: Fast and Three-rious, ICML 2020, algorithm 1), one
 * class against the others: the accuracy of a program is the mean over pairs of others of √|E[ij] E[ik] / E[jk]|, a
 * triplet whose denominator is 0 counting as 0; then P(vote, class) follows from the vote's rates, with abstentions
 * independent of the class. Joint probabilities that come out negative are taken absolutely, as the reference does. The
 * reference divides by P(class)^(programs − 2) where the factorization has programs − 1; here it is the latter.
 */
export function fitTriplet(
  votes: VoteCells,
  { balance, asReference = false }: TripletOptions = {},
): TripletParameters {
  const { programs, classes, totals } = votes;
  const rows = Math.max(votes.rows, 1);
  const shares = balance ?? voteBalance(votes, majorityShares(votes, alike(programs)));
  const bias: number[] = [];
  const evidence: number[] = [];
  for (let label = 0; label < classes; label++) {
    const prior = Math.log(shares[label] / (1 - shares[label]));
    bias.push(asReference ? 2 * prior : prior);
    const accuracies = accuraciesOf(agreements(votes, label), programs, rows);
    for (let program = 0; program < programs; program++) {
      let voted = 0;
      for (let vote = 0; vote < classes; vote++) voted += totals[program * classes + vote] / rows;
      const own = totals[program * classes + label] / rows;
      const lean = own - (voted - own);
      const joint = (share: number, accuracy: number) => {
        const forClass = (share * voted + (accuracy + lean) / 2) / 2;
        return [Math.abs(forClass), Math.abs(share * voted - forClass)];
      };
      const inside = joint(shares[label], accuracies[program]);
      const outside = joint(1 - shares[label], -accuracies[program]);
      for (const side of [0, 1]) evidence.push(logOdds(inside[side], outside[side]) - prior);
    }
  }
  return { bias, evidence };
}

const logOdds = (one: number, other: number) =>
  Math.log(Math.max(one, 1e-300)) - Math.log(Math.max(other, 1e-300));

/** Rows on which two programs agree about the class less those on which they do not, [programs × programs], exact. */
function agreements({ programs, patterns, counts }: VoteCells, label: number): Float64Array {
  const sums = new Float64Array(programs * programs);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const from = pattern * programs;
    for (let one = 0; one < programs; one++) {
      if (patterns[from + one] === ABSTAIN) continue;
      const first = patterns[from + one] === label;
      for (let other = one + 1; other < programs; other++) {
        const vote = patterns[from + other];
        if (vote === ABSTAIN) continue;
        sums[one * programs + other] += (vote === label) === first ? counts[pattern] : -counts[pattern];
      }
    }
  }
  for (let one = 0; one < programs; one++) {
    for (let other = 0; other < one; other++) sums[one * programs + other] = sums[other * programs + one];
  }
  return sums;
}

/** [programs] E[vote × truth]; 0 for fewer than three programs, of which nothing can be told. */
function accuraciesOf(sums: Float64Array, programs: number, rows: number): Float64Array {
  const accuracies = new Float64Array(programs);
  for (let program = 0; program < programs; program++) {
    let sum = 0;
    let triplets = 0;
    for (let one = 0; one < programs; one++) {
      if (one === program) continue;
      for (let other = one + 1; other < programs; other++) {
        if (other === program) continue;
        triplets += 1;
        const between = sums[one * programs + other];
        if (between === 0) continue;
        sum += Math.sqrt(
          Math.abs((sums[program * programs + one] * sums[program * programs + other]) / between / rows),
        );
      }
    }
    accuracies[program] = triplets > 0 ? sum / triplets : 0;
  }
  return accuracies;
}

/** Scores any pattern: of two classes the better one's share; of more, the softmax of each against the others. */
export function tripletScorer({ bias, evidence }: TripletParameters) {
  const classes = bias.length;
  return (pattern: ArrayLike<number>, out: Float64Array): void => {
    for (let label = 0; label < classes; label++) {
      let odds = bias[label];
      for (let program = 0; program < pattern.length; program++) {
        const vote = pattern[program];
        if (vote === ABSTAIN) continue;
        odds += evidence[(label * pattern.length + program) * 2 + (vote === label ? 0 : 1)];
      }
      out[label] = 1 / (1 + Math.exp(-odds));
    }
    if (classes > 2) {
      softmax(out, 0, classes);
      return;
    }
    const sum = out[0] + out[1];
    if (sum > 0) for (let label = 0; label < classes; label++) out[label] /= sum;
    else out.fill(0.5);
  };
}
