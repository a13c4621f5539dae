import { keys } from "../contracts/keys.ts";
import type { FileName } from "../contracts/names.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ObjectStore } from "../ports.ts";
import { openSource } from "./open-source.ts";
import { wayOfReading } from "./way-of-reading.ts";

/**
 * Usable rows of a data file and the characters that programs see of them, read once and kept nowhere.
 *
 * @param mostShown of a row's characters that a model would be shown
 */
export async function measureSource(
  task: TaskFile,
  file: FileName,
  store: ObjectStore,
  mostShown: number,
): Promise<{ rows: number; characters: number; shownCharacters: number }> {
  const key = keys.data(task.name, file);
  const { reading } = await openSource(task, wayOfReading(task, file), {
    store,
    key,
    file,
    bytes: (await store.head(key))?.size ?? 0,
    unpackedKey: keys.measured(task.name, file),
  });
  const { batches, cells } = reading;
  let rows = 0;
  let characters = 0;
  let shownCharacters = 0;
  for await (const batch of batches) {
    for (const row of batch.rows) {
      const seen = cells(row);
      if ("problem" in seen) continue;
      rows += 1;
      characters += seen.characters;
      shownCharacters += Math.min(seen.characters, mostShown);
    }
  }
  await store.delete(keys.measured(task.name, file));
  return { rows, characters, shownCharacters };
}
