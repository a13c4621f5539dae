import { ABSTAIN } from "../../lib/contracts/columns.ts";

/** A program as a coin: how often it votes, and how often it is right when it does. */
export interface SyntheticProgram {
  coverage: number;
  accuracy: number;
  /** Votes for this class or not at all. */
  onlyClass?: number;
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Rows of known classes and what independent programs of known accuracy vote on them. */
export function syntheticVotes({
  rows,
  balance,
  programs,
  seed,
}: {
  rows: number;
  balance: readonly number[];
  programs: readonly SyntheticProgram[];
  seed: number;
}): { truth: Int8Array; columns: Int8Array[] } {
  const random = seeded(seed);
  const truth = new Int8Array(rows);
  for (let row = 0; row < rows; row++) {
    let rest = random();
    while (truth[row] < balance.length - 1 && rest >= balance[truth[row]]) {
      rest -= balance[truth[row]];
      truth[row] += 1;
    }
  }
  const columns = programs.map(({ coverage, accuracy, onlyClass }) => {
    const votes = new Int8Array(rows);
    for (let row = 0; row < rows; row++) {
      if (onlyClass !== undefined) {
        const fires = coverage * (truth[row] === onlyClass ? accuracy : 1 - accuracy);
        votes[row] = random() < fires ? onlyClass : ABSTAIN;
      } else if (random() >= coverage) votes[row] = ABSTAIN;
      else if (random() < accuracy) votes[row] = truth[row];
      else votes[row] = (truth[row] + 1 + Math.floor(random() * (balance.length - 1))) % balance.length;
    }
    return votes;
  });
  return { truth, columns };
}
