/** Probabilities that differ by no more are tied. */
const TIE = 1e-9;

/** The most probable classes of the distribution at `at`: more than one where they tie. */
export function winnersOf(probabilities: Float64Array, at: number, classes: number): number[] {
  let most = 0;
  for (let label = 0; label < classes; label++) most = Math.max(most, probabilities[at + label]);
  const winners: number[] = [];
  for (let label = 0; label < classes; label++) {
    if (probabilities[at + label] >= most - TIE) winners.push(label);
  }
  return winners;
}

/** The one class to take: of tied ones the most frequent by `balance` [classes], and of those the first of the task. */
export function mostProbable(probabilities: Float64Array, balance: ArrayLike<number>): number {
  let best = -1;
  for (const label of winnersOf(probabilities, 0, probabilities.length)) {
    if (best === -1 || balance[label] > balance[best] + TIE) best = label;
  }
  return best;
}
