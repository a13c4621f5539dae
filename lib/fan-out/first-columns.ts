import type { Column } from "../contracts/columns.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ObjectStore } from "../ports.ts";
import { openTable } from "../tables/open-table.ts";
import type { Table, TableRow } from "../tables/table.ts";
import { firstFile } from "./first-file.ts";
import { type Cell, castCell, cellOf, columnsOf } from "./visible-columns.ts";

/** Rows that are looked at to tell what kind of values a column holds. */
const ROWS = 200;

/** The columns of a task's first data file and their kinds, for prompts; no value leaves this function. */
export async function firstColumns(
  task: Pick<TaskFile, "name">,
  store: ObjectStore,
): Promise<{ name: string; kind: Column["kind"] }[] | undefined> {
  const first = await firstFile(task.name, store);
  if (first === undefined) return undefined;
  const { key, file, format } = first;
  const table = await openTable({ store, key, file, unpackedKey: key });
  return kindsOf(table, format === "csv" || format === "tsv");
}

async function kindsOf(table: Table, casts: boolean): Promise<{ name: string; kind: Column["kind"] }[]> {
  const rows: TableRow[] = [];
  for await (const batch of table.batches) {
    rows.push(...batch.rows);
    if (rows.length >= ROWS) break;
  }
  const cell = (value: unknown): Cell =>
    casts && typeof value === "string" ? castCell(value) : cellOf(value);
  const readers = table.header.map((name) => table.reader(name));
  const filled = rows.slice(0, ROWS).map((row) => readers.map((read) => cell(read(row))));
  return table.header.map((name, index) => {
    // Empty cells say nothing about a column's kind.
    const known = filled.filter((cells) => cells[index] !== null).map((cells) => [cells[index]]);
    const [column] = columnsOf([{ source: name, name }], known);
    return { name, kind: known.length === 0 ? "json" : column.kind };
  });
}
