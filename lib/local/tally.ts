import type { Progress } from "../ports.ts";

/** What this run itself did, as opposed to what it found done. */
export interface Tally {
  calls: number;
  replayed: number;
  usd: number;
  votesComputed: number;
  votesReused: number;
  rowsPublished: number;
}

/** Adds up what stages report. */
export function tallying(): { tally: Tally; report: (progress: Progress) => void } {
  const tally: Tally = { calls: 0, replayed: 0, usd: 0, votesComputed: 0, votesReused: 0, rowsPublished: 0 };
  return {
    tally,
    report(progress) {
      if (progress.stage === "synthesize") {
        // Told of all calls so far, once a run, before anything else asks.
        tally.calls = progress.calls;
        tally.replayed = progress.replayed;
        tally.usd = progress.usd;
      } else if (progress.stage === "verify") {
        tally.calls += progress.calls;
        tally.replayed += progress.replayed;
        tally.usd += progress.usd;
      } else if (progress.stage === "label") {
        tally.votesComputed += progress.computed;
        tally.votesReused += progress.reused;
      } else if (progress.stage === "publish") {
        tally.rowsPublished += progress.rows;
      }
    },
  };
}
