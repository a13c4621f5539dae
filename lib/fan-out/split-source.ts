import { packBlocks, packStrings } from "../contracts/columns.ts";
import { keys } from "../contracts/keys.ts";
import { type Hash, ShardIndex } from "../contracts/names.ts";
import { jsonBytes, type Run, type Source } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { additionColumns, assertNoClash } from "../tables/additions.ts";
import { packRaw, rawKind } from "../tables/raw-rows.ts";
import { excerptOf, type RejectedRow, type TableRow } from "../tables/table.ts";
import { goldFinder, goldLabels } from "./gold-labels.ts";
import { idLedger } from "./id-ledger.ts";
import { openSource } from "./open-source.ts";
import { rowProblems } from "./row-problems.ts";
import type { Cell } from "./visible-columns.ts";

/** Rejected rows are written down by so many at a time. */
const REJECTED_ROWS = 5_000;

/**
 * Reads a data file once, front to back, and stores it as shards of whole rows: what programs see, the rows as they
 * came, and the gold label apart from both. Bounds depend on the rows alone, so rows that are appended to a file
 * leave its first shards as they were.
 *
 * @param bytesInAll of the file, to tell how far it is read
 * @returns the file in numbers; rows that cannot be used are stored and counted by reason. Yields the address of what
 * programs see of each shard, in order
 * @throws InvalidInputError where no row can be used, or a column is missing; ObjectChangedError
 */
export async function* splitSource(
  task: TaskFile,
  run: Run,
  bytesInAll: number,
  { store, report }: Pick<Ports, "store" | "report">,
): AsyncGenerator<Hash, Source> {
  const { file, source: address } = run;
  let bytes = 0;
  const { table, reading, isFull, pack } = await openSource(task, run, {
    store,
    bytes: bytesInAll,
    key: keys.data(task.name, file),
    file,
    version: run.version,
    unpackedKey: keys.unpacked(task.name, address),
    onBytes: (read) => {
      bytes = read;
    },
  });
  const source: Source = {
    file,
    version: run.version,
    bytes: bytesInAll,
    rows: 0,
    characters: 0,
    header: [],
    visible: reading.visible,
    shards: [],
    rejected: {},
    duplicateIds: { rows: 0, lines: [] },
    missingIds: { rows: 0, lines: [] },
  };
  const problems = rowProblems(source);
  const ids = idLedger();
  const gold = run.gold && goldFinder(await goldLabels(task, run.gold, store));

  let rows: TableRow[] = [];
  let cells: Cell[][] = [];
  let characters = 0;
  let rejected: RejectedRow[] = [];
  let rejectedObjects = 0;
  let rejectedNow = 0;

  const storeShard = async (): Promise<Hash> => {
    const shard = ShardIndex.parse(source.shards.length);
    const { block, hash } = pack(rows, cells);
    const raw = await packRaw(rawKind(run.format, run.outputFormat), table, rows, `data/${file}`);
    const labels = reading.gold ? [packStrings(rows.map(reading.gold))] : [];
    const group = reading.group ? [packStrings(rows.map(reading.group))] : [];
    await store.put(keys.shard(task.name, address, shard), packBlocks([block, raw, ...labels, ...group]));
    source.shards.push({ hash, rows: rows.length });
    source.rows += rows.length;
    source.characters += characters;
    report({
      stage: "fan-out",
      file,
      rows: rows.length,
      rejected: rejectedNow,
      bytes,
      totalBytes: bytesInAll,
    });
    rejectedNow = 0;
    rows = [];
    cells = [];
    characters = 0;
    return hash;
  };
  const storeRejected = async () => {
    if (rejected.length === 0) return;
    const lines = rejected.map((row) => `${JSON.stringify(row)}\n`).join("");
    await store.put(keys.rejected(task.name, address, rejectedObjects), lines);
    rejectedObjects += 1;
    rejected = [];
  };
  const reject = (row: RejectedRow) => {
    rejected.push(row);
    rejectedNow += 1;
    problems.reject(row);
  };

  for await (const batch of reading.batches) {
    const refused = batch.rejected;
    for (const row of batch.rows) {
      const visible = reading.cells(row);
      if ("problem" in visible) {
        refused.push({ line: row.line, ...visible.problem, excerpt: excerptOf(row.raw) });
        continue;
      }
      if (reading.id) {
        const id = reading.id(row);
        problems.identify(row.line, id, ids);
        gold?.meet(id, source.shards.length, rows.length);
      }
      rows.push(row);
      cells.push(visible.cells);
      characters += visible.characters;
      if (isFull(rows, characters)) yield await storeShard();
    }
    for (const row of refused.sort((one, other) => one.line - other.line)) reject(row);
    if (rejected.length >= REJECTED_ROWS) await storeRejected();
  }
  if (rows.length > 0) yield await storeShard();
  await storeRejected();
  source.header = [...table.header];
  assertNoClash(source.header, additionColumns(run.outputFormat, run.outputName, run.classes), file);
  assertRows(source, `data/${file}`);
  if (gold) await store.put(keys.goldRows(task.name, address), jsonBytes(gold.found()));
  return source;
}

function assertRows({ rows, rejected, header }: Source, file: string): void {
  if (rows > 0) return;
  const reasons = Object.entries(rejected);
  if (reasons.length === 0) throw new InvalidInputError(file, "this file has a header and no rows.");
  const all = reasons
    .map(([reason, { rows: count, lines }]) => `${count} ${reason} (line ${lines[0]})`)
    .join(", ");
  throw new InvalidInputError(
    file,
    `no row can be used: ${all}. Columns found: ${header.slice(0, 20).join(", ") || "none"}.`,
  );
}
