import { ABSTAIN } from "../contracts/columns.ts";
import type { LabelStatistics } from "../contracts/votes.ts";
import { type Histogram, silenced } from "./histogram.ts";
import type { ShardSum } from "./shard-sum.ts";

/**
 * Programs that timed out or had to be killed on some row of the run. None of their votes counts anywhere: how many rows
 * a slow program manages depends on the machine and its load, and labels must not.
 *
 * @returns [programs]
 */
export const droppedPrograms = ({ programs }: LabelStatistics): boolean[] =>
  programs.map(({ faults }) => faults.timeout > 0 || faults.killed > 0);

/** The sum as if dropped programs had abstained everywhere. */
export function withoutDropped({ statistics, histogram }: ShardSum): ShardSum {
  const dropped = droppedPrograms(statistics);
  if (!dropped.includes(true)) return { statistics, histogram };
  const left = silenced(histogram, dropped);
  return { statistics: { ...statistics, covered: coveredRows(left) }, histogram: left };
}

function coveredRows({ programs, patterns, counts }: Histogram): number {
  let covered = 0;
  for (let pattern = 0; pattern < counts.length; pattern++) {
    const votes = patterns.subarray(pattern * programs, (pattern + 1) * programs);
    if (votes.some((vote) => vote !== ABSTAIN)) covered += counts[pattern];
  }
  return covered;
}
