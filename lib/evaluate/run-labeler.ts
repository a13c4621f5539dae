import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { droppedPrograms } from "../aggregate/dropped.ts";
import { labelShardWith } from "../aggregate/label-shard.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import type { ObjectStore, ProgramRunner } from "../ports.ts";
import { loadProgramSet, loadRun } from "../run-objects.ts";
import type { Labeler } from "./stress.ts";

/** A run's programs and label model, for rows that the run never saw. */
export async function runLabeler(
  store: ObjectStore,
  task: TaskName,
  hash: Hash,
  runner: ProgramRunner,
): Promise<Labeler> {
  const run = await loadRun(store, task, hash);
  const { programs } = await loadProgramSet(store, task, run.set);
  const { model, balance, statistics } = await loadAggregateResult(store, task, hash);
  const dropped = droppedPrograms(statistics);
  return {
    programs: programs.map(({ id }) => id),
    async label(columns) {
      const { classes, hardening } = run;
      const outcomes = await runner.run({ classes, programs, columns, hardening });
      const votes = outcomes.map((outcome) => outcome.votes);
      const { labels, patternOf } = labelShardWith(votes, dropped, model, balance);
      return { votes, labels: Int8Array.from(patternOf, (pattern) => labels[pattern]) };
    },
  };
}
