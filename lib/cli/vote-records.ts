import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { parse } from "csv-parse";

/** What a plain split would get wrong: a quoted cell, and lines that end in a lone carriage return. */
const NEEDS_PARSER = /"|\r(?!\n)/;

/**
 * The records of a CSV or TSV file of votes, many at a time. Such files hardly ever quote: lines are split as they stand, a third of the
 * parser's time, until something comes that only a parser reads right.
 */
export async function* voteRecords(file: string, delimiter: "," | "\t"): AsyncGenerator<string[][]> {
  const chunks = createReadStream(file, { encoding: "utf8", highWaterMark: 2 ** 16 })[Symbol.asyncIterator]();
  let rest = "";
  let isFirst = true;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    rest += isFirst ? next.value.replace(/^\uFEFF/, "") : next.value;
    isFirst = false;
    if (NEEDS_PARSER.test(next.value)) {
      yield* parsed(rest, { [Symbol.asyncIterator]: () => chunks }, delimiter);
      return;
    }
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield recordsOf(lines, delimiter);
  }
  yield recordsOf([rest], delimiter);
}

/** Blank lines have none. */
function recordsOf(lines: readonly string[], delimiter: string): string[][] {
  const records: string[][] = [];
  for (const line of lines) {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (text !== "") records.push(text.split(delimiter));
  }
  return records;
}

/** Goes on where nothing but whole lines were read before. */
async function* parsed(
  begun: string,
  rest: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<string[][]> {
  const text = Readable.from(
    (async function* () {
      yield begun;
      yield* rest;
    })(),
  );
  const options = { delimiter, relax_column_count: true, skip_empty_lines: true };
  for await (const record of text.pipe(parse(options))) yield [record];
}
