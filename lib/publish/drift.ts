import type { AggregateResult } from "../aggregate/aggregate-result.ts";
import { keys } from "../contracts/keys.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import { parsed, type Run, type Warning } from "../contracts/objects.ts";
import { Baseline, type Drift } from "../contracts/receipt.ts";
import type { ObjectStore } from "../ports.ts";

/** Chance at most that two samples of the same rows are said to differ, in all comparisons of two runs together. */
const FALSE_ALARM = 0.001;
/**
 * Jensen-Shannon divergence, in nats, below which a difference is too small to matter, however sure it is: that of a
 * population stability index of 0.2, the customary sign of a shift (the index is eight times the divergence where both
 * are small). Unlike the index it stays finite where a program votes for a class for the first time.
 */
const LEAST_DIVERGENCE = 0.025;
/** Programs that a warning names. */
const NAMED = 5;

/** How a run's programs voted, to compare later runs of the same programs with. */
export const baselineOf = (hash: Hash, run: Run, { statistics, overview }: AggregateResult): Baseline => ({
  run: hash,
  file: run.file,
  rows: statistics.rows,
  covered: statistics.covered,
  conflicting: overview.conflicting,
  votes: overview.votes,
});

/**
 * The first finished run of this run's programs, which is the one that they are compared with; this run itself where
 * there was none before.
 */
export async function firstRun(
  store: ObjectStore,
  task: TaskName,
  set: Hash,
  now: Baseline,
): Promise<Baseline> {
  const key = keys.baseline(task, set);
  if (await store.create(key, JSON.stringify(now))) return now;
  return parsed(Baseline, await store.get(key), key);
}

/**
 * What of the votes is no longer as it was; undefined where nothing is.
 *
 * Compared are each program's votes (its classes and its abstentions), the share of rows with a vote, and the share of
 * rows with votes in conflict. A difference counts where it is both too large for chance and large enough to matter.
 *
 * @param programs [programs] ids
 */
export function driftOf(before: Baseline, now: Baseline, programs: readonly string[]): Drift | undefined {
  if (before.run === now.run || before.rows === 0 || now.rows === 0) return;
  const shares = (name: "covered" | "conflicting", what: string) => ({
    what,
    before: [before[name], before.rows - before[name]],
    now: [now[name], now.rows - now[name]],
  });
  const comparisons = [
    ...programs.map((id, program) => ({
      what: id,
      before: withAbstentions(before.votes[program], before.rows),
      now: withAbstentions(now.votes[program], now.rows),
    })),
    shares("covered", "rows with a vote"),
    shares("conflicting", "rows with votes in conflict"),
  ];
  const findings = comparisons.flatMap((compared) => {
    const divergence = divergenceOf(compared.before, compared.now, 0.5);
    if (divergence < LEAST_DIVERGENCE || !exceedsChance(compared, comparisons.length)) return [];
    return [{ ...compared, divergence: Math.round(1e4 * divergence) / 1e4 }];
  });
  if (findings.length === 0) return;
  return { run: before.run, file: before.file, rows: before.rows, findings };
}

const withAbstentions = (votes: readonly number[], rows: number): number[] => [
  ...votes,
  rows - votes.reduce((sum, count) => sum + count, 0),
];

/**
 * Whether the counts differ more than two samples of the same rows do. 2 N times the divergence, each sample weighed by
 * its size, is the likelihood ratio of homogeneity: by chance a chi-squared variable of one degree of freedom less than
 * there are outcomes. Its tail is bounded as by Laurent and Massart (2000, lemma 1): P(X ≥ d + 2√(d x) + 2 x) ≤ e^−x.
 */
function exceedsChance({ before, now }: { before: number[]; now: number[] }, comparisons: number): boolean {
  const [rowsBefore, rowsNow] = [sum(before), sum(now)];
  const rows = rowsBefore + rowsNow;
  const ratio = 2 * rows * divergenceOf(before, now, rowsBefore / rows);
  const freedom = before.filter((count, outcome) => count + now[outcome] > 0).length - 1;
  const x = Math.log(comparisons / FALSE_ALARM);
  return ratio > freedom + 2 * Math.sqrt(freedom * x) + 2 * x;
}

/**
 * Jensen-Shannon divergence of two distributions given as counts, in nats, from 0 to ln 2 (Lin 1991).
 *
 * @param weight of the first in the mixture, 0 … 1
 */
export function divergenceOf(first: readonly number[], second: readonly number[], weight: number): number {
  const [ofFirst, ofSecond] = [sum(first), sum(second)];
  let divergence = 0;
  for (let outcome = 0; outcome < first.length; outcome++) {
    const p = first[outcome] / ofFirst;
    const q = second[outcome] / ofSecond;
    const mean = weight * p + (1 - weight) * q;
    if (p > 0) divergence += weight * p * Math.log(p / mean);
    if (q > 0) divergence += (1 - weight) * q * Math.log(q / mean);
  }
  return Math.max(0, divergence);
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** The warning that receipt and report carry. */
export function driftWarnings(drift: Drift | undefined): Warning[] {
  if (drift === undefined) return [];
  const names = drift.findings.map(({ what }) => what);
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return [
    {
      code: "drift",
      message: `Votes are not as they were when these programs first labeled a file (${drift.file}): ${names.slice(0, NAMED).join(", ")}${more}.`,
      remedy:
        "Look at some of the new rows. Where they are of another kind, change the task's description so that programs are written anew.",
    },
  ];
}
