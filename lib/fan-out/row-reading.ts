import type { VisibleColumn } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import { additionColumns, assertNoClash } from "../tables/additions.ts";
import type { RejectedRow, Table, TableBatch, TableRow } from "../tables/table.ts";
import { type Cell, castCell, cellOf, textOf } from "./visible-columns.ts";
import type { WayOfReading } from "./way-of-reading.ts";

/** What programs may see of one row: with 4 Mi characters, ten programs take a process of theirs beyond 200 MB. */
export const MOST_SEEN_CHARACTERS = 2 * 1024 * 1024;

/**
 * How to take a table's rows apart: what programs see of each, what names it, and its gold.
 *
 * @throws InvalidInputError where a column is missing, or stands where the labels will
 */
export async function rowReading(table: Table, task: Pick<TaskFile, "modality">, run: WayOfReading) {
  const { header, batches } = await peeked(table);
  const isText = task.modality === "text";
  const all = run.visible.length > 0 ? run.visible : allButNamed(header, run);
  const casts = run.format === "csv" || run.format === "tsv";
  // The header of JSONL is known only by its rows: what is missing there is missing row by row.
  if (run.format !== "jsonl") {
    assertNoClash(header, additionColumns(run.outputFormat, run.outputName, run.classes), run.file);
    for (const { source } of all) assertColumn(header, source, FIELDS[task.modality], run.file);
    if (run.id !== null) assertColumn(header, run.id, "input.id", run.file);
  }
  const readers = all.map(({ source }) => table.reader(source));
  const toCell = (value: unknown): Cell =>
    value === undefined ? null : casts && typeof value === "string" ? castCell(value) : cellOf(value);

  const cells = (
    row: TableRow,
  ): { cells: Cell[]; characters: number } | { problem: Pick<RejectedRow, "reason" | "message"> } => {
    const found: Cell[] = [];
    let characters = 0;
    for (let index = 0; index < readers.length; index++) {
      const value = readers[index](row);
      if (isText && index === 0) {
        const text = textOf(value);
        if ("problem" in text) {
          const message = `${all[0].source} ${text.problem}. Expected text.`;
          return { problem: { reason: "no-text", message } };
        }
        found.push(text.text);
        characters += text.text.length;
      } else {
        const cell = toCell(value);
        found.push(cell);
        characters += typeof cell === "string" ? cell.length : 8;
      }
    }
    if (characters > MOST_SEEN_CHARACTERS) {
      const message = `programs would see ${characters} characters of this row, and at most ${MOST_SEEN_CHARACTERS} are possible. Split its text into several rows.`;
      return { problem: { reason: "too-large", message } };
    }
    return { cells: found, characters };
  };

  const groupReader = run.group === undefined ? undefined : table.reader(run.group);
  const goldReader = run.label === null ? undefined : table.reader(run.label);
  const text = (value: unknown) => (value === null || value === undefined ? "" : String(cellOf(value)));
  const idReader = run.id === null ? undefined : table.reader(run.id);
  return {
    batches,
    visible: all,
    cells,
    gold: goldReader && ((row: TableRow) => text(goldReader(row))),
    group: groupReader && ((row: TableRow) => text(groupReader(row))),
    id: idReader && ((row: TableRow) => text(idReader(row))),
  };
}

/** Where a task file names the columns that are read. */
const FIELDS = { text: "input.text", record: "input.columns", image: "input.picture" } as const;

/** A record task that names no columns shows programs all of them but the row's name and its gold. */
const allButNamed = (header: readonly string[], { id, label, group }: WayOfReading): VisibleColumn[] =>
  header.filter((name) => ![id, label, group].includes(name)).map((name) => ({ source: name, name }));

function assertColumn(header: readonly string[], column: string, field: string, file: string): void {
  if (header.includes(column)) return;
  const shown = header
    .slice(0, 20)
    .map((name) => JSON.stringify(name))
    .join(", ");
  const [only] = header;
  const hint =
    header.length === 1 && /[;\t|]/.test(only)
      ? ` Its cells seem to be separated by ${JSON.stringify(/[;\t|]/.exec(only)?.[0])}: CSV needs commas, TSV tabs.`
      : "";
  throw new InvalidInputError(
    `data/${file}`,
    `there is no column ${JSON.stringify(column)}. Correct ${field} in task.yaml: the file has ${shown}${header.length > 20 ? " …" : ""}.${hint}`,
  );
}

/** The header and all batches, with the first one read: of JSONL the header is what its first rows name. */
async function peeked({
  header,
  batches,
}: Table): Promise<{ header: string[]; batches: AsyncIterable<TableBatch> }> {
  const rest = batches[Symbol.asyncIterator]();
  const first = await rest.next();
  return {
    header: [...header],
    batches: (async function* () {
      if (first.done) return;
      yield first.value;
      yield* { [Symbol.asyncIterator]: () => rest };
    })(),
  };
}
