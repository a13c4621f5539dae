import { hashOfJson } from "../contracts/hash.ts";
import { keys } from "../contracts/keys.ts";
import type { FileName } from "../contracts/names.ts";
import { parsed } from "../contracts/objects.ts";
import { ShownRows } from "../contracts/shown-rows.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import type { PromptColumn } from "./prompts.ts";

/** Draws rows of the task's first data file, as programs see them; undefined where there is no file. */
export type DrawRows = (
  task: TaskFile,
  count: number,
) => Promise<{ file: FileName; rows: Record<string, unknown>[] } | undefined>;

/**
 * The rows that the task's prompts show: those drawn before, or others where the task asks for others.
 *
 * @throws InvalidInputError where there are no rows yet
 */
export async function shownRows(
  task: TaskFile,
  columns: readonly PromptColumn[],
  store: ObjectStore,
  draw: DrawRows = async () => undefined,
): Promise<ShownRows> {
  const { examples, seed } = task.synthesis;
  const names = columns.map(({ name }) => name);
  const drawnFor = hashOfJson([examples, seed, task.modality, task.input.text ?? null, names]);
  const key = keys.shownRows(task.name);
  const kept = await store.find(key);
  const before = kept && parsed(ShownRows, kept, key);
  if (before?.drawnFor === drawnFor) return before;
  const drawn = await draw(task, examples);
  if (drawn && drawn.rows.length > 0) return { drawnFor, ...drawn };
  throw new InvalidInputError(
    "synthesis.examples",
    drawn === undefined
      ? "there is no data file yet to take rows from. Put one into data/, or take this out."
      : `data/${drawn.file} has no row that can be shown. Put rows into it, or take this out.`,
  );
}
