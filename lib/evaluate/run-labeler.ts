import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { droppedPrograms } from "../aggregate/dropped.ts";
import { labelShardWith } from "../aggregate/label-shard.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import { loadRowLabeler } from "../end-model/load-end-model.ts";
import type { ObjectStore, ProgramRunner } from "../ports.ts";
import { loadProgramSet, loadRun } from "../run-objects.ts";
import type { Labeler } from "./stress.ts";

/** A run's programs, label model and end model, for rows that the run never saw. */
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
  const endLabel = await loadRowLabeler(store, task, hash, run, balance);
  return {
    programs: programs.map(({ id }) => id),
    hasEndModel: endLabel !== undefined,
    async label(columns, embeddings) {
      const { classes, hardening } = run;
      const outcomes = await runner.run({ classes, programs, columns, hardening });
      const votes = outcomes.map((outcome) => outcome.votes);
      const labeled = labelShardWith(votes, dropped, model, balance);
      if (endLabel) {
        const rows = { rows: embeddings.length, rowAt: (row: number) => embeddings[row] };
        const labels = endLabel(labeled, rows, new Float64Array(classes.length));
        return { votes, labels: Int8Array.from(labels, ({ label }) => label) };
      }
      return { votes, labels: Int8Array.from(labeled.patternOf, (pattern) => labeled.labels[pattern]) };
    },
  };
}
