import { InvalidInputError } from "../errors.ts";
import { csvRecords } from "./csv-records.ts";
import { excerptOf, type Table, type TableBatch, type TableRow } from "./table.ts";

/**
 * Reads CSV or TSV whose first record names the columns; rows with more or fewer cells are rejected.
 *
 * @throws InvalidInputError where the header cannot be used
 */
export async function readCsv(
  bytes: AsyncIterable<Buffer>,
  delimiter: "," | "\t",
  file: string,
): Promise<Table> {
  const batches = csvRecords(bytes, delimiter);
  const { value: first } = await batches.next();
  const head = first?.rows.shift();
  const [fault] = first?.rejected ?? [];
  if (fault && (head === undefined || fault.line < head.line)) {
    throw new InvalidInputError(`${file}:${fault.line}`, `the header cannot be read: ${fault.message}`);
  }
  if (first === undefined || head === undefined) {
    throw new InvalidInputError(file, "this file has no header. Its first line must name the columns.");
  }
  const header = head.values as readonly string[];
  checkHeader(header, `${file}:${head.line}`);
  const positions = new Map(header.map((name, index) => [name, index]));
  return {
    header,
    reader: (column) => {
      const position = positions.get(column);
      return position === undefined ? () => undefined : ({ values }) => (values as string[])[position];
    },
    batches: withoutRagged(first, batches, header.length),
  };
}

function checkHeader(header: readonly string[], where: string): void {
  if (header.some((name) => name.includes("\r") && !name.includes("\n"))) {
    throw new InvalidInputError(where, "lines end in a lone carriage return. Save the file with LF or CRLF.");
  }
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InvalidInputError(
      where,
      `the header names the column ${JSON.stringify(twice)} twice. Rename one.`,
    );
  }
}

async function* withoutRagged(
  first: TableBatch,
  rest: AsyncIterable<TableBatch>,
  columns: number,
): AsyncGenerator<TableBatch> {
  const rejectRagged = ({ rows, rejected }: TableBatch): TableBatch => {
    const isEven = ({ values }: TableRow) => values.length === columns;
    if (rows.every(isEven)) return { rows, rejected };
    const ragged = rows
      .filter((row) => !isEven(row))
      .map(({ line, raw, values }) => ({
        line,
        reason: "ragged" as const,
        message: `found ${values.length} cells. Expected ${columns}, as in the header.`,
        excerpt: excerptOf(raw),
      }));
    const all = [...rejected, ...ragged].sort((one, other) => one.line - other.line);
    return { rows: rows.filter(isEven), rejected: all };
  };
  yield rejectRagged(first);
  for await (const batch of rest) yield rejectRagged(batch);
}
