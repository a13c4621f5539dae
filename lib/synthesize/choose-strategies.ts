import type { StrategyScore } from "../contracts/strategy-choice.ts";

/**
 * Divides programs over strategies by how their first programs did: evenly over the best one and those that so few rows cannot
 * tell from it, which is whoever scores less by at most one standard error of the best one's share of right votes.
 *
 * @param scores one a strategy, at least one
 * @param rows that they are of
 * @param programs to divide
 * @returns how many each gets, in the order of `scores`, and why
 */
export function chooseStrategies(
  scores: readonly StrategyScore[],
  rows: number,
  programs: number,
): { given: Record<string, number>; reason: string } {
  const ranked = scores.toSorted((one, other) => other.score - one.score);
  const [best] = ranked;
  if (best.score <= 0 || rows === 0) {
    return {
      given: shared(scores, scores, programs),
      reason: "No strategy was right more often than votes given by lot, so all were asked in turn.",
    };
  }
  const share = best.agreeing / (best.programs * rows);
  const error = (weightOf(best.diversity) * Math.sqrt(share * (1 - share))) / Math.sqrt(best.programs * rows);
  const winners = ranked.filter(({ score }) => score > 0 && score >= best.score - error);
  const names = winners.map(({ strategy }) => strategy).join(", ");
  return {
    given: shared(scores, winners, programs),
    reason:
      winners.length === 1
        ? `${names} did best, by more than the sample's error.`
        : `${names} did best, and the sample cannot tell them apart.`,
  };
}

/** What a strategy's gain counts for: half, where all its errors are others' too. */
export const weightOf = (diversity: number): number => (1 + diversity) / 2;

/** So many each, the first ones one more. */
function shared(
  scores: readonly StrategyScore[],
  winners: readonly StrategyScore[],
  programs: number,
): Record<string, number> {
  return Object.fromEntries(
    scores.map((score) => {
      const place = winners.indexOf(score);
      const more = place >= 0 && place < programs % winners.length ? 1 : 0;
      return [score.strategy, place < 0 ? 0 : Math.floor(programs / winners.length) + more];
    }),
  );
}
