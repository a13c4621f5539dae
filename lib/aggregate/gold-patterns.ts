import { ABSTAIN } from "../contracts/columns.ts";
import type { GoldRows, RunGold } from "../contracts/gold.ts";
import { keys } from "../contracts/keys.ts";
import type { TaskName } from "../contracts/names.ts";
import type { Run, Source, Warning } from "../contracts/objects.ts";
import { unpackVotes } from "../contracts/votes.ts";
import { DamagedObjectError } from "../errors.ts";
import { inParallel } from "../in-parallel.ts";
import type { ObjectStore } from "../ports.ts";
import { droppedPrograms } from "./dropped.ts";
import { patternAt } from "./histogram.ts";
import type { ShardSum } from "./shard-sum.ts";

/** Shards whose votes are read at once. */
const AT_ONCE = 8;

/** Rows with a gold label, by the pattern that they show, [patterns × classes] of the whole run's histogram. */
export async function goldPatterns(
  { rows }: GoldRows,
  { histogram, statistics }: ShardSum,
  { task, run, source }: { task: TaskName; run: Run; source: Source },
  store: ObjectStore,
): Promise<Float64Array> {
  const { classes, counts } = histogram;
  const dropped = droppedPrograms(statistics);
  const sums = new Float64Array(counts.length * classes);
  const byShard = Map.groupBy(rows, ([shard]) => shard);
  await inParallel([...byShard], AT_ONCE, async ([shard, labeled]) => {
    const key = keys.votes(task, source.shards[shard].hash, run.set);
    const { columns } = unpackVotes(await store.get(key));
    for (const [, row, label] of labeled) {
      const votes = columns.map((column, program) => (dropped[program] ? ABSTAIN : column[row]));
      const pattern = patternAt(histogram, votes);
      if (pattern < 0) throw new DamagedObjectError(key);
      sums[pattern * classes + label] += 1;
    }
  });
  return sums;
}

/** Says which labels no row of the data has a use for. */
export function goldWarnings(
  { rows, strangers, firstStranger }: GoldRows,
  { file }: RunGold,
  run: Pick<Run, "file" | "id">,
): Warning[] {
  if (firstStranger === undefined) return [];
  return [
    {
      code: "gold-without-row",
      message: `${strangers} of ${rows.length + strangers} labels in ${file} name no row of ${run.file}, the first on line ${firstStranger.line}: ${JSON.stringify(firstStranger.id)}.`,
      remedy: `Take ids as they stand in the column ${JSON.stringify(run.id)}; labels of other data files may stay.`,
    },
  ];
}
