import { keys } from "../contracts/keys.ts";
import { FileName, type TaskName } from "../contracts/names.ts";
import type { ObjectStore } from "../ports.ts";
import { formatOf, type TableFormat } from "../tables/table-format.ts";

/** The first data file of a task that prompts can be informed by: whose columns can be read without unpacking it all. */
export async function firstFile(
  task: TaskName,
  store: ObjectStore,
): Promise<{ key: string; file: FileName; format: TableFormat["format"] } | undefined> {
  const prefix = keys.dataOf(task);
  for await (const { key } of store.list(prefix)) {
    const file = FileName.safeParse(key.slice(prefix.length));
    if (!file.success) continue; // Not a file that could be labeled either.
    const { format, gzipped } = formatOf(file.data);
    if (format === "parquet" && gzipped) continue; // Unpacking it is a run's work.
    return { key, file: file.data, format };
  }
  return undefined;
}
