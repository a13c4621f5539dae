import { EndCounts, parsed } from "../contracts/objects.ts";
import { addCounts, noCounts } from "../end-model/end-labels.ts";
import { inParallel } from "../in-parallel.ts";
import type { ObjectStore } from "../ports.ts";

const AT_ONCE = 16;

/** The sum of the counts that marks under `prefix` hold; undefined where they hold none, for want of an end model. */
export async function countsUnder(
  store: ObjectStore,
  prefix: string,
  classes: number,
): Promise<EndCounts | undefined> {
  const marks: string[] = [];
  for await (const { key, size } of store.list(prefix)) if (size > 0) marks.push(key);
  if (marks.length === 0) return undefined;
  const sum = noCounts(classes);
  for (const counts of await inParallel(marks, AT_ONCE, async (key) =>
    parsed(EndCounts, await store.get(key), key),
  )) {
    addCounts(sum, counts);
  }
  return sum;
}
