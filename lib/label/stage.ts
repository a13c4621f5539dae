import { histogramOf, packHistogram } from "../aggregate/histogram.ts";
import { ABSTAIN, packBlocks, unpackBlocks } from "../contracts/columns.ts";
import { groupOf, keys } from "../contracts/keys.ts";
import type { AggregateGroup, LabelShard } from "../contracts/messages.ts";
import type { TaskName } from "../contracts/names.ts";
import { jsonBytes, type ProgramSet, type Run } from "../contracts/objects.ts";
import { type LabelStatistics, packVotes, unpackVotes, type Votes } from "../contracts/votes.ts";
import { isComplete, sizeOfGroup } from "../fan-in.ts";
import type { Ports } from "../ports.ts";
import { loadProgramSet, loadRun, loadSource } from "../run-objects.ts";

type LabelPorts = Pick<Ports, "store" | "runner" | "report">;

/** label: every program over one shard → its votes and their histogram; the last of a group starts `aggregate`. */
export async function* labelShard(message: LabelShard, ports: LabelPorts): AsyncGenerator<AggregateGroup> {
  const { store } = ports;
  const { task, shard } = message;
  const run = await loadRun(store, task, message.run);
  const marker = keys.labeled(task, message.run, shard);
  if ((await store.find(marker)) === undefined) {
    const set = await loadProgramSet(store, task, run.set);
    const startedMs = performance.now();
    const outcome = await votesOf(message, run, set, ports);
    const statistics = statisticsOf(outcome, (performance.now() - startedMs) / 1_000);
    const histogram = histogramOf(outcome.votes.columns, run.classes.length);
    await store.put(marker, packBlocks([jsonBytes(statistics), packHistogram(histogram)]));
    const { rows, covered, computed, reused } = statistics;
    ports.report({ stage: "label", rows, covered, computed, reused });
  }

  const source = await loadSource(store, task, run.source);
  if (source === undefined) return; // Still being split: fan-out looks for finished groups when it is done.
  const group = groupOf(shard);
  const expected = sizeOfGroup(source.shards.length, group);
  if (await isComplete(store, keys.labeledOf(task, message.run, group), expected)) {
    yield { stage: "aggregate", task, run: message.run, group };
  }
}

interface Outcome {
  votes: Votes;
  /** CPU milliseconds by program; 0 where its column was found. */
  cpuMs: number[];
  reused: number;
}

/** The shard's votes: found whole, or columns of the set before with the rest computed, or all computed. */
async function votesOf(
  message: LabelShard,
  run: Run,
  set: ProgramSet,
  { store, runner }: LabelPorts,
): Promise<Outcome> {
  const { task, hash, shard } = message;
  const found = await storedVotes(store, task, hash, run.set);
  if (found) return { votes: found, cpuMs: set.programs.map(() => 0), reused: set.programs.length };

  const before = run.previousSet ? await storedVotes(store, task, hash, run.previousSet) : undefined;
  const columnBefore = new Map(before?.programs.map((program, index) => [program.hash, index]));
  const missing = set.programs.filter((program) => !columnBefore.has(program.hash));
  const [columns] =
    missing.length > 0 ? unpackBlocks(await store.get(keys.shard(task, run.source, shard))) : [];
  const computed = columns ? await runner.run({ classes: run.classes, programs: missing, columns }) : [];

  const votes: Votes = { rows: 0, programs: [], columns: [] };
  const cpuMs: number[] = [];
  for (const program of set.programs) {
    const index = columnBefore.get(program.hash);
    if (before && index !== undefined) {
      votes.programs.push(before.programs[index]);
      votes.columns.push(before.columns[index]);
      cpuMs.push(0);
    } else {
      const outcome = computed[missing.indexOf(program)];
      votes.programs.push({ hash: program.hash, faults: outcome.faults });
      votes.columns.push(outcome.votes);
      cpuMs.push(outcome.cpuMs);
    }
  }
  votes.rows = votes.columns[0].length;
  await store.put(keys.votes(task, hash, run.set), packVotes(votes));
  return { votes, cpuMs, reused: set.programs.length - missing.length };
}

async function storedVotes(
  store: Ports["store"],
  task: TaskName,
  shard: LabelShard["hash"],
  set: Run["set"],
) {
  const block = await store.find(keys.votes(task, shard, set));
  return block && unpackVotes(block);
}

function statisticsOf({ votes, cpuMs, reused }: Outcome, seconds: number): LabelStatistics {
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
    programs: votes.programs.map(({ faults }, index) => ({ faults, cpuMs: cpuMs[index] })),
  };
}
