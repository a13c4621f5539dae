import { packColumns } from "../contracts/columns.ts";
import type { DataSample } from "../contracts/data-sample.ts";
import { keys } from "../contracts/keys.ts";
import type { FileName } from "../contracts/names.ts";
import type { VisibleColumn } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ObjectStore } from "../ports.ts";
import { sampledRows } from "../verify/sampled-rows.ts";
import { firstFile } from "./first-file.ts";
import { openSource } from "./open-source.ts";
import { type Cell, columnsOf } from "./visible-columns.ts";
import { wayOfReading } from "./way-of-reading.ts";

/**
 * Rows of a task's first data file, drawn as `verify` draws them when the file is split: the same seed gives the same rows.
 * The file is read twice, for only its end tells how many rows there are; undefined where there is no file to read.
 */
export async function sampleRows(
  task: TaskFile,
  { rows, seed }: { rows: number; seed: number },
  store: ObjectStore,
): Promise<DataSample | undefined> {
  const file = (await firstFile(task.name, store))?.file;
  if (file === undefined) return undefined;
  let count = 0;
  for await (const _ of usableRows(task, file, store)) count += 1;
  const wanted = sampledRows({ shards: [{ rows: count }] }, rows, seed);
  const found = new Map<number, Cell[]>(wanted.map(({ row }) => [row, []]));
  let names: readonly VisibleColumn[] = [];
  let row = 0;
  for await (const { visible, cells } of usableRows(task, file, store)) {
    if (found.has(row)) found.set(row, cells);
    names = visible;
    row += 1;
  }
  const drawn = wanted.map(({ row: place }) => found.get(place) ?? []);
  return {
    file,
    values: drawn.map((cells) => Object.fromEntries(names.map(({ name }, at) => [name, cells[at]]))),
    columns: packColumns(columnsOf(names, drawn), drawn.length),
  };
}

/** Each row that can be labeled, as programs see it. */
async function* usableRows(task: TaskFile, file: FileName, store: ObjectStore) {
  const key = keys.data(task.name, file);
  const head = await store.head(key);
  const { reading } = await openSource(task, wayOfReading(task, file), {
    store,
    key,
    file,
    version: head?.version,
    bytes: head?.size ?? 0,
    unpackedKey: keys.measured(task.name, file),
  });
  for await (const batch of reading.batches) {
    for (const row of batch.rows) {
      const seen = reading.cells(row);
      if (!("problem" in seen)) yield { visible: reading.visible, cells: seen.cells };
    }
  }
}
