import { ABSTAIN } from "../contracts/columns.ts";
import { coVotes } from "./co-votes.ts";
import type { VoteCells } from "./vote-cells.ts";

/** Pairs that agree less are not looked at. */
const ALIKE = 0.8;
/** A copy agrees with its original so much, and shares so many of its errors. */
const COPY = { agreement: 0.9, sharedErrors: 0.6 };
/** Fewer votes, or fewer errors, are no evidence. */
const FEW_ROWS = 5;
/** Without evidence of errors only the same votes make a copy. */
const IDENTICAL = 1 - 1e-9;

/** How much programs resemble each other, pair by pair: both [programs × programs], symmetric. */
interface Resemblance {
  /** Rows where both vote the same, among rows where either votes. */
  agreement: Float64Array;
  /** Rows where both deviate alike from what programs like neither of them say, among rows where either deviates. */
  sharedErrors: Float64Array;
}

/**
 * Compares all pairs. Agreement alone cannot tell a copy from a second accurate program: two accurate programs agree
 * on nearly everything. Copies share their errors too. Who else resembles them cannot testify: three copies would
 * confirm each other.
 */
function resemblance(votes: VoteCells): Resemblance {
  const { programs } = votes;
  const agreement = agreements(votes);
  const sharedErrors = new Float64Array(programs * programs);
  for (let first = 0; first < programs - 1; first++) {
    for (let second = first + 1; second < programs; second++) {
      const share = agreement[first * programs + second];
      if (share < ALIKE) continue;
      const witnesses = [...Array(programs).keys()].filter(
        (other) =>
          other !== first &&
          other !== second &&
          agreement[first * programs + other] < ALIKE &&
          agreement[second * programs + other] < ALIKE,
      );
      const errors = sharedErrorRate(votes, first, second, witnesses) ?? (share >= IDENTICAL ? 1 : 0);
      sharedErrors[first * programs + second] = errors;
      sharedErrors[second * programs + first] = errors;
    }
  }
  return { agreement, sharedErrors };
}

function agreements(votes: VoteCells): Float64Array {
  const { programs, classes, totals } = votes;
  const agreement = new Float64Array(programs * programs);
  const voted = votesOfPrograms(votes);
  for (let first = 0; first < programs - 1; first++) {
    const met = coVotes(votes, first);
    for (let second = first + 1; second < programs; second++) {
      let both = 0;
      let same = 0;
      for (let vote = 0; vote < classes; vote++) {
        const row = vote * totals.length + second * classes;
        same += met[row + vote];
        for (let other = 0; other < classes; other++) both += met[row + other];
      }
      const share = same / Math.max(voted[first] + voted[second] - both, 1e-9);
      agreement[first * programs + second] = share;
      agreement[second * programs + first] = share;
    }
  }
  return agreement;
}

/** Over rows where the witnesses have one winner; undefined where there are too few errors to tell. */
function sharedErrorRate(
  votes: VoteCells,
  first: number,
  second: number,
  witnesses: readonly number[],
): number | undefined {
  const { programs, classes, patterns, counts } = votes;
  const said = new Float64Array(classes);
  let either = 0;
  let both = 0;
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const from = pattern * programs;
    said.fill(0);
    for (const program of witnesses) {
      const vote = patterns[from + program];
      if (vote !== ABSTAIN) said[vote] += 1;
    }
    const winner = onlyWinner(said);
    if (winner === undefined) continue;
    const one = patterns[from + first];
    const two = patterns[from + second];
    const firstDeviates = one !== ABSTAIN && one !== winner;
    const secondDeviates = two !== ABSTAIN && two !== winner;
    if (firstDeviates || secondDeviates) either += counts[pattern];
    if (firstDeviates && secondDeviates && one === two) both += counts[pattern];
  }
  return either < FEW_ROWS ? undefined : both / either;
}

/** The class with most votes, undefined where there is no vote or a tie. */
function onlyWinner(votes: Float64Array): number | undefined {
  let winner: number | undefined;
  let most = 0;
  for (let label = 0; label < votes.length; label++) {
    if (votes[label] > most) {
      most = votes[label];
      winner = label;
    } else if (votes[label] === most) winner = undefined;
  }
  return winner;
}

/** [programs] rows each votes on. */
export function votesOfPrograms({ programs, classes, totals }: VoteCells): Float64Array {
  const voted = new Float64Array(programs);
  for (let cell = 0; cell < totals.length; cell++) voted[Math.floor(cell / classes)] += totals[cell];
  return voted;
}

/**
 * Finds near-copies: programs are taken by their number of votes, and one that copies a program taken before is
 * dropped.
 *
 * @returns [programs] the program that each copies, −1 where it stands for itself
 */
export function nearCopies(votes: VoteCells): number[] {
  const { programs } = votes;
  const { agreement, sharedErrors } = resemblance(votes);
  const voted = votesOfPrograms(votes);
  const copyOf = new Array<number>(programs).fill(-1);
  const leaders: number[] = [];
  for (const program of [...copyOf.keys()].sort((first, second) => voted[second] - voted[first])) {
    const original = leaders.find((leader) => {
      const at = program * programs + leader;
      return agreement[at] >= COPY.agreement && sharedErrors[at] >= COPY.sharedErrors;
    });
    if (original === undefined || voted[program] < FEW_ROWS) leaders.push(program);
    else copyOf[program] = original;
  }
  return copyOf;
}

/**
 * How many independent votes a program's vote is worth beside those that resemble it, in (0, 1].
 */
export function copyWeights(votes: VoteCells): Float64Array {
  const { programs } = votes;
  const { agreement, sharedErrors } = resemblance(votes);
  const weights = new Float64Array(programs);
  for (let program = 0; program < programs; program++) {
    let companions = 1;
    for (let at = program * programs; at < (program + 1) * programs; at++) {
      companions += clipped((agreement[at] - ALIKE) / (1 - ALIKE)) * clipped((sharedErrors[at] - 0.4) / 0.4);
    }
    weights[program] = 1 / companions;
  }
  return weights;
}

/** The nearest number between 0 and 1. */
export const clipped = (value: number): number => Math.min(1, Math.max(0, value));
