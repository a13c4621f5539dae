import { packBlocks, unpackBlocks } from "../contracts/columns.ts";
import { jsonBytes, parsed } from "../contracts/objects.ts";
import { LabelStatistics } from "../contracts/votes.ts";
import { type Histogram, mergeHistograms, packHistogram, unpackHistogram } from "./histogram.ts";

/** What shards, or batches and groups of them, add up to: all that a label model and a receipt see of them. */
export interface ShardSum {
  statistics: LabelStatistics;
  histogram: Histogram;
}

/** As stored. */
export const packSum = ({ statistics, histogram }: ShardSum): Uint8Array =>
  packBlocks([jsonBytes(statistics), packHistogram(histogram)]);

/** The inverse of `packSum`. @throws DamagedObjectError naming `what` */
export function unpackSum(bytes: Uint8Array, what: string): ShardSum {
  const [head, body] = unpackBlocks(bytes);
  return { statistics: parsed(LabelStatistics, head, what), histogram: unpackHistogram(body) };
}

/** The sum of at least one, all of the same programs. */
export function sumOf(sums: readonly ShardSum[]): ShardSum {
  const [first, ...others] = sums;
  return {
    statistics: others.reduce((sum, { statistics }) => added(sum, statistics), first.statistics),
    histogram: mergeHistograms(first.histogram, ...others.map(({ histogram }) => histogram)),
  };
}

const added = (one: LabelStatistics, other: LabelStatistics): LabelStatistics => ({
  rows: one.rows + other.rows,
  covered: one.covered + other.covered,
  computed: one.computed + other.computed,
  reused: one.reused + other.reused,
  seconds: one.seconds + other.seconds,
  programs: one.programs.map(({ faults, first, cpuMs }, index) => {
    const more = other.programs[index];
    return {
      faults: {
        error: faults.error + more.faults.error,
        badReturn: faults.badReturn + more.faults.badReturn,
        timeout: faults.timeout + more.faults.timeout,
        killed: faults.killed + more.faults.killed,
        compile: faults.compile + more.faults.compile,
      },
      first: earliest(first, more.first),
      cpuMs: cpuMs + more.cpuMs,
    };
  }),
});

type Firsts = LabelStatistics["programs"][number]["first"];

/** Of each reason the first place, whatever the order in which shards are added. */
function earliest(one: Firsts, other: Firsts): Firsts {
  const first: Firsts = { ...one };
  for (const reason of Object.keys(other) as (keyof Firsts)[]) {
    const [before, found] = [first[reason], other[reason]];
    if (!found) continue;
    if (!before || found.shard < before.shard || (found.shard === before.shard && found.row < before.row)) {
      first[reason] = found;
    }
  }
  return first;
}
