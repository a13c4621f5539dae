import type { FileName } from "../contracts/names.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { mixedBits } from "../end-model/features.ts";
import type { ObjectStore } from "../ports.ts";
import { firstFile } from "./first-file.ts";
import { openSource } from "./open-source.ts";
import type { Cell } from "./visible-columns.ts";
import { wayOfReading } from "./way-of-reading.ts";

/** A row of those drawn so far. */
interface Drawn {
  /** Of all rows those with the least are taken. */
  lot: number;
  cells: Cell[];
}

/**
 * Rows of a task's first data file drawn by lot, which `synthesis.seed` decides: a uniform sample without replacement, in one
 * pass. They hold what programs see and nothing else: no gold, no id, no group.
 *
 * @returns in the order of their lots; undefined where there is no file
 */
export async function drawRows(
  task: TaskFile,
  count: number,
  store: ObjectStore,
): Promise<{ file: FileName; rows: Record<string, unknown>[] } | undefined> {
  const first = await firstFile(task.name, store);
  if (first === undefined) return undefined;
  const { key, file } = first;
  const bytes = (await store.head(key))?.size ?? 0;
  const source = { store, key, file, bytes, unpackedKey: key };
  const { reading } = await openSource(task, wayOfReading(task, file), source);
  const drawn: Drawn[] = [];
  let row = 0;
  for await (const { rows } of reading.batches) {
    for (const each of rows) {
      const lot = lotOf(task.synthesis.seed, row++);
      if (drawn.length === count && lot >= drawn[count - 1].lot) continue;
      const seen = reading.cells(each);
      if ("problem" in seen) continue;
      drawn.push({ lot, cells: seen.cells });
      // Stable: of equal lots the earlier row stays before the later one.
      drawn.sort((one, other) => one.lot - other.lot);
      drawn.length = Math.min(drawn.length, count);
    }
  }
  const { visible } = reading;
  const rows = drawn.map(({ cells }) =>
    Object.fromEntries(visible.map(({ name }, index) => [name, cells[index]])),
  );
  return { file, rows };
}

/** A number of 32 bits for each row. */
const lotOf = (seed: number, row: number): number =>
  mixedBits(mixedBits(seed ^ 0x9e3779b9, 31) ^ Math.imul(row + 1, 0x9e3779b1), 32);
