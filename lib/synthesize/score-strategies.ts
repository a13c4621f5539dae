import { ABSTAIN } from "../contracts/columns.ts";
import type { StrategyScore } from "../contracts/strategy-choice.ts";
import { countsOf, isByLot } from "../verify/by-lot.ts";
import { weightOf } from "./choose-strategies.ts";

/** A program with its votes on the rows of a sample; none where it could not run. */
export interface TriedProgram {
  id: string;
  strategy: string;
  votes: Int8Array | undefined;
}

/**
 * Scores strategies by their programs' votes on labeled rows: votes that agree beyond what lot would bring, a row and program,
 * times a weight between a half and one for errors that are the strategy's own. A strategy whose errors others make too adds
 * little to them, however often it is right.
 *
 * @param labels [rows], a class, or ABSTAIN where nobody knows
 */
export function scoreStrategies(
  programs: readonly TriedProgram[],
  labels: Int8Array,
  classes: number,
): StrategyScore[] {
  const rows = labels.filter((label) => label !== ABSTAIN).length;
  return [...Map.groupBy(programs, ({ strategy }) => strategy)].map(([strategy, own]) => {
    const others = programs.filter((program) => program.strategy !== strategy);
    const score = { votes: 0, agreeing: 0, byLot: 0, errors: 0, sharedErrors: 0 };
    for (const { votes } of own) {
      if (votes === undefined) continue;
      const counts = countsOf(votes, labels, classes);
      score.votes += counts.votes;
      score.agreeing += counts.agreeing;
      score.byLot += counts.byLot;
      for (const [row, vote] of votes.entries()) {
        if (labels[row] === ABSTAIN || vote === ABSTAIN || vote === labels[row]) continue;
        score.errors += 1;
        if (others.some((other) => other.votes?.[row] === vote)) score.sharedErrors += 1;
      }
    }
    const gain = rows > 0 ? (score.agreeing - score.byLot) / (own.length * rows) : 0;
    // One error more, that is its own: without any, nothing is known of them.
    const diversity = (score.errors - score.sharedErrors + 1) / (score.errors + 1);
    return {
      strategy,
      programs: own.length,
      ...score,
      gain,
      diversity,
      score: Math.max(0, gain) * weightOf(diversity),
    };
  });
}

/** Why a program is not to join after what it did on labeled rows; undefined where nothing speaks against it. */
export function chanceReason(
  { votes }: TriedProgram,
  labels: Int8Array,
  classes: number,
): string | undefined {
  if (votes === undefined) return undefined;
  const counts = countsOf(votes, labels, classes);
  if (!isByLot(counts)) return undefined;
  const { votes: voted, agreeing, byLot } = counts;
  return `on ${voted} labeled rows of the data ${agreeing} of its votes are right, and ${byLot.toFixed(1)} would be if they were given by lot`;
}
