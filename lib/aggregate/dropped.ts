import { ABSTAIN } from "../contracts/columns.ts";
import type { LabelStatistics } from "../contracts/votes.ts";
import { type Histogram, silenced } from "./histogram.ts";
import type { ShardSum } from "./shard-sum.ts";

/** Rows on which a program may fail by throwing or by a foreign return: a share of them, and some in any case. */
const ERROR_BUDGET = { share: 0.25, rows: 10 };

/**
 * Programs that timed out or had to be killed on some row of the run, or failed on more rows than their error budget has.
 * None of their votes counts anywhere: how many rows a slow program manages depends on the machine and its load, and labels
 * must not; and who fails so often was not written for these rows.
 *
 * @returns [programs]
 */
export const droppedPrograms = ({ programs, rows }: LabelStatistics): boolean[] =>
  programs.map((program) => whyDropped(program, rows) !== undefined);

/** Why a program's votes do not count in a run; undefined where they do. */
export function whyDropped(
  { faults }: Pick<LabelStatistics["programs"][number], "faults">,
  rows: number,
): string | undefined {
  if (faults.killed > 0) return "it had to be stopped (endless work or too much memory)";
  if (faults.timeout > 0) return "it had to be stopped (a row took more than a second)";
  const failed = faults.error + faults.badReturn;
  if (failed <= Math.max(ERROR_BUDGET.rows, ERROR_BUDGET.share * rows)) return undefined;
  return `it failed on ${failed} of ${rows} rows (error ${faults.error}, badReturn ${faults.badReturn}), more than its error budget of a quarter`;
}

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
