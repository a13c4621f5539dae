import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import type { PublishedShard } from "../publish/published-shard.ts";
import { textAt } from "../tables/append-texts.ts";
import { rowAt } from "../tables/row-at.ts";
import { cellOf, cellText } from "../tables/write-part.ts";
import { type LabeledFile, storedShard } from "./labeled-file.ts";

/** Rows with the same id that a message names. */
const NAMED = 5;

/**
 * The number, from 1, of the row that somebody means: `#12` is the twelfth that was labeled, anything else an id.
 *
 * @throws InvalidInputError where there is no such row, or more than one
 */
export async function findRow(store: ObjectStore, file: LabeledFile, wanted: string): Promise<number> {
  const { run, source } = file;
  const number = /^#(\d{1,15})$/.exec(wanted)?.[1];
  const where = `${run.file}: row ${JSON.stringify(wanted)}`;
  const range = `#1 to #${source.rows}`;
  if (number !== undefined) {
    if (Number(number) >= 1 && Number(number) <= source.rows) return Number(number);
    throw new InvalidInputError(where, `there is no such row. Give ${range}.`);
  }
  if (run.id === null) {
    throw new InvalidInputError(
      where,
      `the task names no input.id. Give a row's number, ${range}, as it stands in the labels.`,
    );
  }
  const found: number[] = [];
  for (let at = 0; at < source.shards.length && found.length < NAMED; at++) {
    const { shard } = await storedShard(store, file, at);
    for (const index of rowsWithId(shard, wanted)) found.push(shard.before + index + 1);
  }
  if (found.length === 1) return found[0];
  throw new InvalidInputError(
    where,
    found.length === 0
      ? `no row that was labeled has this id in the column ${JSON.stringify(run.id)}. Rows that could not be used are in rejected.jsonl, and those of another file need --data FILE; a row's number works too, ${range}.`
      : `several rows have this id: ${found
          .slice(0, NAMED)
          .map((row) => `#${row}`)
          .join(", ")}. Give one of these numbers.`,
  );
}

function* rowsWithId({ rows, header, id, which }: PublishedShard, wanted: string): Generator<number> {
  // Text of such letters stands in a row as it is, whatever the format: rows without it need not be parsed.
  const isPlain = /^[\w-]+$/.test(wanted);
  for (let index = 0; index < which.length; index++) {
    if (isPlain && rows.kind !== "parquet" && !textAt(rows.texts, index).includes(wanted)) continue;
    if (idOf({ rows, header, id }, index) === wanted) yield index;
  }
}

/** A row's id as text; null where it has none. */
export function idOf(
  { rows, header, id }: Pick<PublishedShard, "rows" | "header" | "id">,
  index: number,
): string | null {
  if (id === null) return null;
  const value = cellOf(rowAt(rows, header, index), id);
  return value === null || value === undefined ? null : cellText(value);
}
