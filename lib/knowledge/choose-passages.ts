import type { Passage } from "./passages.ts";

/** Of all passages in a prompt together: some 6,000 tokens. */
const MOST_CHARACTERS = 24_000;

/**
 * The passages for a prompt: each ranking in turn gives its best that is not taken, so that every class is served, until the
 * bound is reached; then what no ranking names, in the documents' order.
 *
 * @param rankings indexes of passages, best first
 * @returns in the order of `passages`, so that a prompt changes only with what is in it
 */
export function choosePassages(
  passages: readonly Passage[],
  rankings: readonly (readonly number[])[],
  { most, sizeOf } = { most: MOST_CHARACTERS, sizeOf: ({ text }: Passage) => text.length },
): Passage[] {
  const taken = new Set<number>();
  let size = 0;
  const take = (index: number): boolean => {
    const more = sizeOf(passages[index]);
    if (size + more > most) return false;
    size += more;
    taken.add(index);
    return true;
  };
  if (takeInTurn(rankings, taken, take)) takeInTurn([[...passages.keys()]], taken, take);
  return passages.filter((_, index) => taken.has(index));
}

/** @returns false where one did not fit any more */
function takeInTurn(
  rankings: readonly (readonly number[])[],
  taken: ReadonlySet<number>,
  take: (index: number) => boolean,
): boolean {
  let open = rankings.map((ranking) => ranking.values());
  while (open.length > 0) {
    const going: typeof open = [];
    for (const queue of open) {
      let next = queue.next();
      while (!next.done && taken.has(next.value)) next = queue.next();
      if (next.done) continue;
      if (!take(next.value)) return false;
      going.push(queue);
    }
    open = going;
  }
  return true;
}
