import { ABSTAIN } from "../contracts/columns.ts";
import { InvalidInputError } from "../errors.ts";
import { MOST_VOTED_CLASSES, type VoteArray, voteArray } from "./vote-array.ts";
import { checkedTable, checkNames, type VoteTable } from "./vote-table.ts";

/** The column that holds gold labels instead of a program's votes. */
const GOLD = "label";

/** A cell's first occurrence, for errors. */
interface Cell {
  text: string;
  row: number;
  column: string;
}

/**
 * Reads a table with a column a program, named in the first record; a column `label` holds gold. A cell is the name
 * or the index of a class; empty or −1 abstains.
 *
 * @param batches of records, cells of a line each, the header first
 * @param file how to call it in errors
 * @param classes their names; without them, those found, sorted, or indices if all cells are such
 * @throws InvalidInputError naming row and column, what was found and what is expected
 */
export async function readCsvVotes(
  batches: AsyncIterable<readonly (readonly string[])[]>,
  file: string,
  classes?: readonly string[],
): Promise<VoteTable> {
  const codes = new Map([
    ["", 0],
    [String(ABSTAIN), 0],
  ]);
  const cells: Cell[] = [];
  let header: string[] | undefined;
  let columns: Uint16Array[] = [];
  let rows = 0;

  const codeOf = (text: string, column: number): number => {
    const trimmed = text.trim();
    let code = codes.get(trimmed);
    if (code === undefined) {
      if (cells.length === 2 * MOST_VOTED_CLASSES) {
        throw new InvalidInputError(
          `${file}: column ${JSON.stringify(header?.[column])}`,
          `row ${rows + 1} has ${JSON.stringify(trimmed)} after ${cells.length} different cells; there are ${MOST_VOTED_CLASSES} classes at most. Remove columns that are no votes.`,
        );
      }
      code = cells.push({ text: trimmed, row: rows + 1, column: header?.[column] ?? "" });
    }
    codes.set(trimmed, code).set(text, code);
    return code;
  };

  const take = (record: readonly string[]): void => {
    if (header === undefined) {
      header = record.map((name) => name.trim());
      checkNames(header, "header", file);
      const [other] = header.length === 1 ? (/[;\t|]/.exec(header[0]) ?? []) : [];
      if (other !== undefined) {
        throw new InvalidInputError(
          `${file}: header`,
          `the cells seem to be separated by ${JSON.stringify(other)}: CSV needs commas, TSV tabs.`,
        );
      }
      columns = header.map(() => new Uint16Array(1_024));
      return;
    }
    if (record.length !== header.length) {
      throw new InvalidInputError(
        `${file}: row ${rows + 1}`,
        `found ${record.length} cells under ${header.length} column names. Leave the cell of a program that abstains empty.`,
      );
    }
    if (rows === columns[0].length) columns = columns.map(doubled);
    for (let column = 0; column < record.length; column++) {
      columns[column][rows] = codes.get(record[column]) ?? codeOf(record[column], column);
    }
    rows += 1;
  };

  for await (const records of batches) for (const record of records) take(record);
  if (header === undefined)
    throw new InvalidInputError(file, "found no header. The first line names the programs.");

  const { names, votes } = votesOf(cells, classes, file);
  const decoded = columns.map((column) => decode(column, rows, votes, names.length));
  const gold = header.indexOf(GOLD);
  const table: VoteTable = {
    classes: names,
    programs: header.filter((_, column) => column !== gold),
    columns: decoded.filter((_, column) => column !== gold),
  };
  return checkedTable(gold === -1 ? table : { ...table, labels: decoded[gold] }, file);
}

/** A plain loop: `Int8Array.from` with a function takes 20 times as long. */
function decode(codes: Uint16Array, rows: number, votes: VoteArray, classes: number): VoteArray {
  const column = voteArray(classes, rows);
  for (let row = 0; row < rows; row++) column[row] = votes[codes[row]];
  return column;
}

function doubled(column: Uint16Array): Uint16Array<ArrayBuffer> {
  const larger = new Uint16Array(column.length * 2);
  larger.set(column);
  return larger;
}

const INDEX = /^\d{1,3}$/;
/** What names no class: a number, or a word for "nothing". */
const NO_NAME = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$|^[-+]?(nan|inf|infinity|null|none|undefined)$/i;

/** The classes, and the vote that each code stands for. */
function votesOf(cells: readonly Cell[], given: readonly string[] | undefined, file: string) {
  const texts = cells.map(({ text }) => text);
  const indexed = given === undefined && texts.some((text) => NO_NAME.test(text));
  const names =
    given ??
    (indexed ? upTo(Math.max(...texts.filter((text) => INDEX.test(text)).map(Number))) : texts.toSorted());
  const votes = cells.map(({ text }) => {
    const byName = names.indexOf(text);
    return byName === -1 && INDEX.test(text) ? Number(text) : byName;
  });
  const strangers = cells.filter((_, index) => votes[index] === -1 || votes[index] >= names.length);
  const strange = strangers.find(({ text }) => NO_NAME.test(text)) ?? strangers.at(0);
  if (strange !== undefined) {
    const expected = indexed
      ? "Expected indices of classes in all cells, or names in all"
      : `Expected the name or the index of one of ${names.length} classes`;
    throw new InvalidInputError(
      `${file}: row ${strange.row}, column ${JSON.stringify(strange.column)}`,
      `found ${JSON.stringify(strange.text)}. ${expected}; an empty cell, or −1, abstains. Take out columns that are no votes, such as an id.`,
    );
  }
  return { names: [...names], votes: Int16Array.of(ABSTAIN, ...votes) };
}

const upTo = (last: number) => Array.from({ length: last + 1 }, (_, index) => String(index));
