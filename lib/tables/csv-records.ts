import { isUtf8 } from "node:buffer";
import { type CastingContext, CsvError, type Options, parse } from "csv-parse/sync";
import { excerptOf, MOST_ROW_BYTES, type RejectedRow, type TableBatch } from "./table.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** What a block of bytes gave, and where reading goes on. */
interface Block extends TableBatch {
  /** Physical line on which what is not read yet begins. */
  line: number;
  /** Bytes of the block that are read. */
  read: number;
  /** The rest is one line that is rejected already, for its length. */
  skipLine: boolean;
}

/**
 * The records of CSV or TSV, quoted as RFC 4180 has it, the header among them.
 *
 * A quote that opens and does not close, before 16 MiB or the file end, and a closing quote with text behind it cost
 * the line on which the record begins: reading goes on with the next line. In TSV that line's quotes are text instead,
 * and so is a quote inside of an unquoted cell.
 */
export async function* csvRecords(
  bytes: AsyncIterable<Buffer>,
  delimiter: "," | "\t",
): AsyncGenerator<TableBatch> {
  let pending: Buffer[] = [];
  let size = 0;
  let line = 1;
  /** A record that is still open is looked at again when its bytes have doubled, so that long ones cost linear time. */
  let enough = 0;
  let skipLine = false;
  for await (const chunk of bytes) {
    const from = skipLine ? chunk.indexOf(LINE_FEED) + 1 : 0;
    if (skipLine && from === 0) continue;
    if (skipLine) line += 1;
    skipLine = false;
    pending.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size < enough) continue;
    const whole = pending.length === 1 ? pending[0] : Buffer.concat(pending);
    const block = readBlock(whole, delimiter, line, false);
    if (block.rows.length + block.rejected.length > 0) yield block;
    ({ line, skipLine } = block);
    pending = skipLine || block.read === size ? [] : [whole.subarray(block.read)];
    size = pending.length === 0 ? 0 : pending[0].length;
    enough = Math.min(size * 2, MOST_ROW_BYTES);
  }
  if (size > 0) yield readBlock(Buffer.concat(pending), delimiter, line, true);
}

function readBlock(block: Buffer, delimiter: string, firstLine: number, last: boolean): Block {
  const found: Block = { rows: [], rejected: [], line: firstLine, read: 0, skipLine: false };
  // Behind the last line feed a record may go on.
  const end = last ? block.length : block.lastIndexOf(LINE_FEED) + 1;
  const wellFormed = isUtf8(block.subarray(0, end));
  const reject = (reason: RejectedRow["reason"], message: string, upTo: number) => {
    const excerpt = excerptOf(block.toString("utf8", found.read, Math.min(upTo, found.read + 800)));
    found.rejected.push({ line: found.line, reason, message, excerpt });
  };
  const skipBlankLines = () => {
    while (found.read < end) {
      const width = lineEndAt(block, found.read);
      if (width === 0) return;
      found.read += width;
      found.line += 1;
    }
  };
  const take = (cells: string[], upTo: number) => {
    skipBlankLines();
    const to = textEnd(block, upTo);
    if (to - found.read > MOST_ROW_BYTES) reject("too-large", TOO_LARGE, to);
    else if (!wellFormed && !isUtf8(block.subarray(found.read, to))) reject("bad-utf8", BAD_UTF8, to);
    else found.rows.push({ line: found.line, raw: block.toString("utf8", found.read, to), values: cells });
    found.line += 1 + lineFeedsIn(block, found.read, to);
    found.read = upTo;
  };

  while (found.read < end) {
    const from = found.read;
    const fault = parseRecords(block.subarray(from, end), delimiter, (cells, bytes) =>
      take(cells, from + bytes),
    );
    skipBlankLines();
    if (fault === undefined) break;
    const open = block.length - found.read;
    if (fault === "CSV_QUOTE_NOT_CLOSED" && !last && open <= MOST_ROW_BYTES) break;
    giveUpLine(fault);
  }
  if (!last && block.length - found.read > MOST_ROW_BYTES && block.indexOf(LINE_FEED, found.read) === -1) {
    reject("too-large", TOO_LARGE, block.length);
    found.skipLine = true;
  }
  return found;

  function giveUpLine(fault: string): void {
    const lineFeed = block.indexOf(LINE_FEED, found.read);
    const upTo = lineFeed === -1 ? end : lineFeed + 1;
    const to = textEnd(block, upTo);
    const cells = literalCells(block.subarray(found.read, to), delimiter, fault);
    if (cells) {
      take(cells, upTo);
      return;
    }
    reject("bad-quoting", FAULTS[fault] ?? `the row's quotes cannot be read (${fault}).`, to);
    found.line += 1;
    found.read = upTo;
  }
}

const BAD_UTF8 = "the row is not UTF-8. Save the file as UTF-8.";
const TOO_LARGE = `the row is longer than ${MOST_ROW_BYTES / 1024 / 1024} MiB.`;

const FAULTS: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: `a quote opens here and does not close within ${MOST_ROW_BYTES / 1024 / 1024} MiB or before the file ends. Double the quotes inside of quoted cells ("").`,
  CSV_INVALID_CLOSING_QUOTE:
    'text follows a closing quote. Double the quotes inside of quoted cells (""), and close each quote.',
  INVALID_OPENING_QUOTE:
    'a quote stands inside of an unquoted cell of a row that goes on over lines. Quote the cell, and double the quotes inside of it ("").',
};

/** The cells of records that were read before, [records][cells]. */
export function cellsOf(records: readonly string[], delimiter: string): string[][] {
  const all: string[][] = [];
  // A record may end in a lone carriage return, which a line feed alone would take for its own.
  const fault = parseRecords(Buffer.from(records.join("\r\n")), delimiter, (cells) => all.push(cells));
  // A quote that is text in its own record may open a cell over the records behind it.
  if (fault === undefined && all.length === records.length) return all;
  return records.map((record) => {
    const bytes = Buffer.from(record);
    let found: string[] = [];
    const problem = parseRecords(bytes, delimiter, (cells) => {
      found = cells;
    });
    return (problem && literalCells(bytes, delimiter, problem)) || found;
  });
}

/** The cells of a line whose quotes are text: a stray one in CSV; in TSV, which many write without quoting, any. */
function literalCells(line: Buffer, delimiter: string, fault: string): string[] | undefined {
  if (delimiter === "," && fault !== "INVALID_OPENING_QUOTE") return;
  const found: string[][] = [];
  const options: Options = delimiter === "," ? { relax_quotes: true } : { quote: null };
  return parseRecords(line, delimiter, (cells) => found.push(cells), options) ? undefined : found[0];
}

/** Parses whole records; those before a fault are delivered. @returns the fault's code */
function parseRecords(
  bytes: Buffer,
  delimiter: string,
  take: (cells: string[], upTo: number) => void,
  options: Options = {},
): string | undefined {
  try {
    parse(bytes, {
      delimiter,
      record_delimiter: ["\r\n", "\n"],
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: unknown, { bytes: upTo }: CastingContext) => {
        take(cells as string[], upTo as number);
        return null;
      },
      ...options,
    } as Options);
  } catch (error) {
    if (error instanceof CsvError) return error.code;
    throw error;
  }
}

/** Bytes of the line end at a position; 0 where none stands. */
function lineEndAt(bytes: Buffer, at: number): number {
  if (bytes[at] === LINE_FEED) return 1;
  return bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED ? 2 : 0;
}

/** Where a record's text ends: before the line end that stands before `upTo`. */
function textEnd(bytes: Buffer, upTo: number): number {
  if (bytes[upTo - 1] !== LINE_FEED) return upTo;
  return bytes[upTo - 2] === CARRIAGE_RETURN ? upTo - 2 : upTo - 1;
}

function lineFeedsIn(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED, from); at !== -1 && at < to; at = bytes.indexOf(LINE_FEED, at + 1))
    count += 1;
  return count;
}
