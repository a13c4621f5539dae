import type { SampleOf } from "../contracts/data-sample.ts";
import { hashOfJson } from "../contracts/hash.ts";
import { keys } from "../contracts/keys.ts";
import { parsed } from "../contracts/objects.ts";
import { ShownRows } from "../contracts/shown-rows.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import type { PromptColumn } from "./prompts.ts";

/**
 * The rows that the task's prompts show: those drawn before, or others where the task asks for others.
 *
 * @throws InvalidInputError where there are no rows yet
 */
export async function shownRows(
  task: TaskFile,
  columns: readonly PromptColumn[],
  store: ObjectStore,
  sampleOf: SampleOf = async () => undefined,
): Promise<ShownRows> {
  const { examples, seed } = task.synthesis;
  const names = columns.map(({ name }) => name);
  const drawnFor = hashOfJson([examples, seed, task.modality, task.input.text ?? null, names]);
  const key = keys.shownRows(task.name);
  const kept = await store.find(key);
  const before = kept && parsed(ShownRows, kept, key);
  if (before?.drawnFor === drawnFor) return before;
  // Not the rows that `verify` draws: they judge what is written from these.
  const drawn = await sampleOf(task, { rows: examples, seed: seed + 1 });
  if (drawn && drawn.values.length > 0) return { drawnFor, file: drawn.file, rows: drawn.values };
  throw new InvalidInputError(
    "synthesis.examples",
    drawn === undefined
      ? "there is no data file yet to take rows from. Put one into data/, or take this out."
      : `data/${drawn.file} has no row that can be shown. Put rows into it, or take this out.`,
  );
}
