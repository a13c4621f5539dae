import { type GoldRows, goldFiles, type RunGold } from "../contracts/gold.ts";
import { keys } from "../contracts/keys.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import { utf8Bytes } from "../tables/read-bytes.ts";
import { readCsv } from "../tables/read-csv.ts";
import { readJsonl } from "../tables/read-jsonl.ts";

/** Labels are held in memory while a data file is read; a thousand do all that gold is used for. */
const MOST_LABELS = 100_000;
/** Classes that a message names. */
const NAMED = 20;

/** A label of the user's, and the line that it stands on. */
interface GoldLabel {
  label: number;
  line: number;
}

/** The task's gold as it is now, where the task file allows a use of it. @throws InvalidInputError where there is not exactly one file */
export async function goldFileOf(
  { name, gold: use }: Pick<TaskFile, "name" | "gold">,
  store: ObjectStore,
): Promise<RunGold | undefined> {
  if (use === undefined) return undefined;
  const found: RunGold[] = [];
  for (const file of goldFiles) {
    const head = await store.head(keys.gold(name, file));
    if (head) found.push({ file, version: head.version, use });
  }
  if (found.length === 1) return found[0];
  throw new InvalidInputError(
    "gold",
    found.length === 0
      ? `the task file says what gold is used for, and there is neither ${goldFiles.join(" nor ")} beside it. Add one, or take the field out.`
      : `the task folder has ${goldFiles.join(" and ")}. Keep one of them.`,
  );
}

/**
 * Reads a task's gold: a label an id, in columns that are called as the task's own.
 *
 * @throws InvalidInputError naming file and line where a label is no class, an id has two, or a line cannot be read; ObjectChangedError
 */
export async function goldLabels(
  { name: task, classes, input }: Pick<TaskFile, "name" | "classes" | "input">,
  { file, version }: Pick<RunGold, "file" | "version">,
  store: ObjectStore,
): Promise<Map<string, GoldLabel>> {
  const { id: idColumn = "id", label: labelColumn = "label" } = input;
  const bytes = utf8Bytes(store.read(keys.gold(task, file), undefined, version), file);
  const table = file === "gold.csv" ? await readCsv(bytes, ",", file) : readJsonl(bytes);
  // The columns of JSON Lines are known only by its rows.
  if (file === "gold.csv")
    for (const column of [idColumn, labelColumn]) assertColumn(table.header, column, file);
  const idOf = table.reader(idColumn);
  const labelOf = table.reader(labelColumn);
  const numbers = new Map(classes.map((one, label) => [one.name, label]));
  const labels = new Map<string, GoldLabel>();
  for await (const { rows, rejected } of table.batches) {
    for (const { line, message } of rejected) {
      throw new InvalidInputError(`${file}:${line}`, `${message} Mend the line, or take it out.`);
    }
    for (const row of rows) {
      const refuse = (problem: string) => new InvalidInputError(`${file}:${row.line}`, problem);
      const id = textOf(idOf(row));
      const given = textOf(labelOf(row)).trim();
      if (given === "") continue;
      if (id === "") throw refuse(`this label has no ${quoted(idColumn)}. Name the row that it belongs to.`);
      const label = numbers.get(given);
      if (label === undefined) {
        const expected = [...numbers.keys()].slice(0, NAMED).map(quoted).join(", ");
        throw refuse(
          `found the label ${quoted(given)}. Expected a class of the task: ${expected}${numbers.size > NAMED ? " …" : ""}.`,
        );
      }
      const before = labels.get(id);
      if (before && before.label !== label) {
        throw refuse(
          `the row ${quoted(id)} is labeled ${quoted(given)}, and ${quoted(classes[before.label].name)} on line ${before.line}. Gold has one label a row: decide which is right.`,
        );
      }
      if (before === undefined) labels.set(id, { label, line: row.line });
      if (labels.size > MOST_LABELS) {
        throw refuse(`gold has ${MOST_LABELS} labels at most. Take a sample of it.`);
      }
    }
  }
  if (labels.size === 0)
    throw new InvalidInputError(file, `there is no label in it, in the column ${quoted(labelColumn)}.`);
  return labels;
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 100));

const textOf = (value: unknown): string => (value === null || value === undefined ? "" : String(value));

function assertColumn(header: readonly string[], column: string, file: string): void {
  if (header.includes(column)) return;
  throw new InvalidInputError(
    file,
    `there is no column ${quoted(column)}. Gold has a column of ids and one of labels, called as input.id and input.label of the task file.`,
  );
}

/** Notes where the rows of labels lie while the data goes by: of several rows with an id the first. */
export function goldFinder(labels: ReadonlyMap<string, GoldLabel>) {
  const left = new Map(labels);
  const rows: GoldRows["rows"] = [];
  return {
    meet(id: string, shard: number, row: number): void {
      const gold = left.get(id);
      if (gold === undefined) return;
      left.delete(id);
      rows.push([shard, row, gold.label]);
    },
    found(): GoldRows {
      const [first] = left;
      return {
        rows,
        strangers: left.size,
        ...(first && { firstStranger: { id: first[0].slice(0, 100), line: first[1].line } }),
      };
    },
  };
}
