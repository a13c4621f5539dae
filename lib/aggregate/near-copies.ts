import { ABSTAIN } from "../contracts/columns.ts";
import { thinned } from "./histogram.ts";
import { cellsOf, type VoteCells } from "./vote-cells.ts";

/** Pairs that agree less are not looked at. */
const ALIKE = 0.8;
/** A copy agrees with its original so much, and shares so many of its errors. */
const COPY = { agreement: 0.9, sharedErrors: 0.6 };
/** Fewer votes, or fewer errors, are no evidence. */
const FEW_ROWS = 5;
/** Without evidence of errors only the same votes make a copy. */
const IDENTICAL = 1 - 1e-9;

/** Votes that are compared in pairs, squared by row: less than a second of work. Rows, then, and witnesses of a pair's errors. */
const MOST_PAIRS = 1e8;
const LEAST_COMPARED = 500;
const MOST_WITNESSES = 128;

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
export function resemblance(all: VoteCells): Resemblance {
  const votes = comparable(all);
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
      const errors = sharedErrorRate(votes, first, second, enough(witnesses)) ?? (share >= IDENTICAL ? 1 : 0);
      sharedErrors[first * programs + second] = errors;
      sharedErrors[second * programs + first] = errors;
    }
  }
  return { agreement, sharedErrors };
}

/** The votes, or of many programs an even sample: pairs are compared on fewer rows than models are fitted to. */
function comparable(votes: VoteCells): VoteCells {
  const { counts, starts } = votes;
  let pairs = 0;
  for (let pattern = 0; pattern < counts.length; pattern++)
    pairs += (starts[pattern + 1] - starts[pattern]) ** 2;
  if (pairs <= MOST_PAIRS) return votes;
  const fewer = Math.max(LEAST_COMPARED, Math.floor((MOST_PAIRS / pairs) * counts.length));
  return cellsOf(thinned(votes, Math.min(votes.rows, fewer)));
}

/** Witnesses, evenly chosen where they are more than it takes to tell an error. */
const enough = (witnesses: readonly number[]): readonly number[] =>
  witnesses.length <= MOST_WITNESSES
    ? witnesses
    : Array.from(
        { length: MOST_WITNESSES },
        (_, index) => witnesses[Math.floor((index * witnesses.length) / MOST_WITNESSES)],
      );

function agreements(votes: VoteCells): Float64Array {
  const { programs, classes, counts, starts, cells } = votes;
  /** Rows on which both vote, and vote the same; the later program's row. */
  const both = new Float64Array(programs * programs);
  const same = new Float64Array(programs * programs);
  const voters = new Int32Array(programs);
  const said = new Int32Array(programs);
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const count = counts[pattern];
    let known = 0;
    for (let at = starts[pattern]; at < starts[pattern + 1]; at++) {
      const program = Math.floor(cells[at] / classes);
      const vote = cells[at] - program * classes;
      for (let other = 0; other < known; other++) {
        both[program * programs + voters[other]] += count;
        if (said[other] === vote) same[program * programs + voters[other]] += count;
      }
      voters[known] = program;
      said[known] = vote;
      known += 1;
    }
  }
  const agreement = new Float64Array(programs * programs);
  const voted = votesOfPrograms(votes);
  for (let second = 1; second < programs; second++) {
    for (let first = 0; first < second; first++) {
      const at = second * programs + first;
      const share = same[at] / Math.max(voted[first] + voted[second] - both[at], 1e-9);
      agreement[first * programs + second] = share;
      agreement[at] = share;
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
  if (witnesses.length === 0) return undefined;
  const said = new Float64Array(classes);
  let either = 0;
  let both = 0;
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const from = pattern * programs;
    const one = patterns[from + first];
    const two = patterns[from + second];
    if (one === ABSTAIN && two === ABSTAIN) continue;
    const winner = onlyWinner(patterns, from, witnesses, said);
    if (winner === undefined) continue;
    const firstDeviates = one !== ABSTAIN && one !== winner;
    const secondDeviates = two !== ABSTAIN && two !== winner;
    if (firstDeviates || secondDeviates) either += counts[pattern];
    if (firstDeviates && secondDeviates && one === two) both += counts[pattern];
  }
  return either < FEW_ROWS ? undefined : both / either;
}

/**
 * The class with most votes of the witnesses, undefined where there is no vote or a tie.
 *
 * @param said [classes] zeros, and zeros again afterwards
 */
function onlyWinner(
  patterns: VoteCells["patterns"],
  from: number,
  witnesses: readonly number[],
  said: Float64Array,
): number | undefined {
  let winner: number | undefined;
  let most = 0;
  for (let index = 0; index < witnesses.length; index++) {
    const vote = patterns[from + witnesses[index]];
    if (vote !== ABSTAIN) most = Math.max(most, ++said[vote]);
  }
  let isTied = false;
  for (let index = 0; index < witnesses.length; index++) {
    const vote = patterns[from + witnesses[index]];
    if (vote === ABSTAIN) continue;
    if (said[vote] === most && winner === undefined) winner = vote;
    else if (said[vote] === most) isTied = true;
    said[vote] = 0;
  }
  return isTied ? undefined : winner;
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
export function nearCopies(votes: VoteCells, { agreement, sharedErrors } = resemblance(votes)): number[] {
  const { programs } = votes;
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
export function copyWeights(
  votes: VoteCells,
  { agreement, sharedErrors } = resemblance(votes),
): Float64Array {
  const { programs } = votes;
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
