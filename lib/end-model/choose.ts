/** What can label a row that programs voted on: the label model, the end model, or both pooled. */
export type Labeler = "labelModel" | "endModel" | "pool";

/** Fewer gold rows cannot tell labelers apart. */
export const LEAST_GOLD = 100;

/**
 * Which labeler gold prefers. The pool stands unless another is better by more than one standard error of the difference on
 * the same rows (McNemar 1947: (b − c) / √(b + c), b rows that only one has right, c that only the other has), so that luck
 * among a hundred rows chooses nothing.
 *
 * @param right [rows] which labelers have the row right
 * @returns "pool" also where gold is too little
 */
export function chosenByGold(right: readonly Readonly<Record<Labeler, boolean>>[]): Labeler {
  if (right.length < LEAST_GOLD) return "pool";
  let chosen: Labeler = "pool";
  let most = 1;
  for (const other of ["endModel", "labelModel"] as const) {
    let better = 0;
    let worse = 0;
    for (const row of right) {
      if (row[other] && !row.pool) better += 1;
      if (row.pool && !row[other]) worse += 1;
    }
    const advantage = (better - worse) / Math.sqrt(Math.max(1, better + worse));
    if (advantage > most) {
      chosen = other;
      most = advantage;
    }
  }
  return chosen;
}
