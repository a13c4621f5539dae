import { histogramOf } from "../aggregate/histogram.ts";
import { packSum, type ShardSum, sumOf } from "../aggregate/shard-sum.ts";
import { ABSTAIN } from "../contracts/columns.ts";
import { groupOf, keys } from "../contracts/keys.ts";
import { type AggregateGroup, type LabelShards, SHARDS_A_MESSAGE } from "../contracts/messages.ts";
import { type Hash, ShardIndex, type TaskName } from "../contracts/names.ts";
import type { ProgramSet, Run } from "../contracts/objects.ts";
import { type LabelStatistics, packVotes, unpackVotes, type Votes } from "../contracts/votes.ts";
import { isComplete, sizeOfGroup } from "../fan-in.ts";
import { inParallel } from "../in-parallel.ts";
import type { Ports } from "../ports.ts";
import { loadProgramSet, loadRun, loadSource } from "../run-objects.ts";
import { wantedEdition } from "../wanted.ts";
import { seenRows } from "./seen-rows.ts";

/** Shards of a message under way: while programs run over one, the next is fetched. */
const AT_ONCE = 2;

type LabelPorts = Pick<Ports, "store" | "runner" | "report">;

/** label: every program over a batch of shards → votes and their histogram; the last batch of a group starts `aggregate`. */
export async function* labelShards(message: LabelShards, ports: LabelPorts): AsyncGenerator<AggregateGroup> {
  const { store } = ports;
  const { task, batch } = message;
  const run = await loadRun(store, task, message.run);
  if ((await wantedEdition(store, task, run.name, message.run)) === undefined) return;
  const marker = keys.labeled(task, message.run, batch);
  if ((await store.head(marker)) === undefined) {
    const set = await loadProgramSet(store, task, run.set);
    const shards = message.hashes.map((hash, index) => ({
      task,
      shard: ShardIndex.parse(batch * SHARDS_A_MESSAGE + index),
      hash,
    }));
    const labeled = await inParallel(shards, AT_ONCE, (shard) =>
      labelShard(shard, { ...run, hash: message.run }, set, ports),
    );
    await store.put(marker, packSum(sumOf(labeled)));
  } else if ((await store.head(keys.begun(task, message.run, groupOf(batch)))) !== undefined) {
    return; // Told twice, and whoever saw the group complete has sent word, which comes again until it is done.
  }

  const source = await loadSource(store, task, run.source);
  if (source === undefined) return; // Still being split: fan-out looks for finished groups when it is done.
  const group = groupOf(batch);
  const expected = sizeOfGroup(source.shards.length, group);
  if (await isComplete(store, keys.labeledOf(task, message.run, group), expected)) {
    yield { stage: "aggregate", task, run: message.run, group };
  }
}

interface Shard {
  task: TaskName;
  shard: ShardIndex;
  /** Address of what programs see of it. */
  hash: Hash;
}

/** Votes of one shard, stored, and what they add up to. */
async function labelShard(
  shard: Shard,
  run: Run & { hash: Hash },
  set: ProgramSet,
  ports: LabelPorts,
): Promise<ShardSum> {
  const startedMs = performance.now();
  const outcome = await votesOf(shard, run, set, ports);
  const statistics = statisticsOf(outcome, shard.shard, (performance.now() - startedMs) / 1_000);
  const { rows, covered, computed, reused } = statistics;
  ports.report({ stage: "label", rows, covered, computed, reused, ...abstentionsOf(outcome.votes) });
  return { statistics, histogram: histogramOf(outcome.votes.columns, run.classes.length) };
}

interface Outcome {
  votes: Votes;
  /** CPU milliseconds by program; 0 where its column was found. */
  cpuMs: number[];
  reused: number;
}

/** The shard's votes: found whole, or columns of the set before with the rest computed, or all computed. */
async function votesOf(
  { task, shard, hash }: Shard,
  run: Run & { hash: Hash },
  set: ProgramSet,
  { store, runner }: LabelPorts,
): Promise<Outcome> {
  const found = await storedVotes(store, task, hash, run.set);
  if (found && !found.programs.some(({ unasked }) => unasked))
    return { votes: found, cpuMs: set.programs.map(() => 0), reused: set.programs.length };

  const before =
    found ?? (run.previousSet ? await storedVotes(store, task, hash, run.previousSet) : undefined);
  const columnBefore = new Map(
    before?.programs.flatMap((program, index) => (program.unasked ? [] : [[program.hash, index] as const])),
  );
  const missing = set.programs.filter((program) => !columnBefore.has(program.hash));
  const seen = missing.length > 0 ? await seenRows(store, task, run, { shard, hash }) : undefined;
  const computed = seen
    ? await runner.run({
        classes: run.classes,
        programs: missing,
        columns: seen.columns,
        hardening: run.hardening,
        scope: run.hash,
      })
    : [];

  const votes: Votes = { rows: 0, programs: [], columns: [] };
  const cpuMs: number[] = [];
  for (const program of set.programs) {
    const index = columnBefore.get(program.hash);
    if (before && index !== undefined) {
      votes.programs.push(before.programs[index]);
      votes.columns.push(before.columns[index]);
      cpuMs.push(0);
    } else if (seen) {
      const outcome = computed[missing.indexOf(program)];
      const { faults, unasked } = outcome;
      const first = mapValues(outcome.first, seen.rowOf);
      votes.programs.push({ hash: program.hash, faults, first, ...(unasked && { unasked }) });
      votes.columns.push(seen.inPlace(outcome.votes));
      cpuMs.push(outcome.cpuMs);
    }
  }
  votes.rows = votes.columns[0].length;
  await store.put(keys.votes(task, hash, run.set), packVotes(votes));
  return { votes, cpuMs, reused: set.programs.length - missing.length };
}

async function storedVotes(store: Ports["store"], task: TaskName, shard: Hash, set: Run["set"]) {
  const block = await store.find(keys.votes(task, shard, set));
  return block && unpackVotes(block);
}

/** Rows × programs without a vote, and those of them where a program failed. */
function abstentionsOf({ programs, columns }: Votes): { abstained: number; faults: number } {
  let abstained = 0;
  for (const column of columns) for (const vote of column) if (vote === ABSTAIN) abstained += 1;
  const counts = programs.flatMap(({ faults }) => Object.values(faults));
  return { abstained, faults: counts.reduce((sum, count) => sum + count, 0) };
}

function statisticsOf(
  { votes, cpuMs, reused }: Outcome,
  shard: ShardIndex,
  seconds: number,
): LabelStatistics {
  let covered = 0;
  for (let row = 0; row < votes.rows; row++) {
    for (const column of votes.columns) {
      if (column[row] !== ABSTAIN) {
        covered += 1;
        break;
      }
    }
  }
  return {
    rows: votes.rows,
    covered,
    computed: (votes.programs.length - reused) * votes.rows,
    reused: reused * votes.rows,
    seconds,
    programs: votes.programs.map(({ faults, first }, index) => ({
      faults,
      first: mapValues(first, (row) => ({ shard, row })),
      cpuMs: cpuMs[index],
    })),
  };
}

const mapValues = <K extends string, V, W>(record: Partial<Record<K, V>>, make: (value: V) => W) =>
  Object.fromEntries(
    Object.entries<V>(record as Record<K, V>).map(([name, value]) => [name, make(value)]),
  ) as Partial<Record<K, W>>;
