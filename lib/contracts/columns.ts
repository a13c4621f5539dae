import { DamagedObjectError } from "../errors.ts";

/** What a program that has no opinion votes. Classes are 0 … k−1 in the task's order. */
export const ABSTAIN = -1;

/** Votes are Int8 and codes below −1 are the runner's, so a task has at most this many classes. */
export const MOST_CLASSES = 127;

/** One column of a shard as programs see it, a value a row. `json` holds one JSON text a row: any mix of values. */
export type Column =
  | { name: string; kind: "text"; values: string[] }
  | { name: string; kind: "number"; values: Float64Array }
  | { name: string; kind: "json"; values: string[] };

/** What a block of columns begins with, as JSON. */
export interface BlockHeader {
  rows: number;
  columns: { name: string; kind: Column["kind"] }[];
}

const encoder = new TextEncoder();

/** Strings as Uint32 end offsets followed by UTF-8; lone surrogates become U+FFFD. */
export function packStrings(values: readonly string[]): Uint8Array {
  const offsets = values.length * 4;
  let room = offsets + 64;
  for (const value of values) room += value.length;
  let block = new Uint8Array(room);
  const ends = new Uint32Array(values.length);
  let at = offsets;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (block.length - at < value.length * 3) {
      // One UTF-16 unit takes up to three bytes: grow where the guess of one was too small.
      const larger = new Uint8Array(Math.ceil((at + value.length * 3) * 1.5));
      larger.set(block.subarray(0, at));
      block = larger;
    }
    at += encoder.encodeInto(value, block.subarray(at)).written;
    ends[row] = at - offsets;
  }
  block.set(new Uint8Array(ends.buffer), 0);
  return block.subarray(0, at);
}

/** The inverse of `packStrings`. */
export function unpackStrings(block: Uint8Array, rows: number): string[] {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const values = new Array<string>(rows);
  let start = rows * 4;
  for (let row = 0; row < rows; row++) {
    const end = rows * 4 + bytes.readUInt32LE(row * 4);
    values[row] = bytes.toString("utf8", start, end);
    start = end;
  }
  return values;
}

/**
 * The rows of a shard as bytes: blocks of a header and of a section a column, little-endian. What the
 * runner's child process reads, and what a shard's address is made of; equal rows give equal bytes.
 */
export function packColumns(columns: readonly Column[], rows: number): Uint8Array {
  const sections = columns.map((column) =>
    column.kind === "number"
      ? new Uint8Array(column.values.buffer, column.values.byteOffset, column.values.byteLength)
      : packStrings(column.values),
  );
  const header: BlockHeader = {
    rows,
    columns: columns.map(({ name, kind }) => ({ name, kind })),
  };
  return packBlocks([encoder.encode(JSON.stringify(header)), ...sections]);
}

/** The inverse of `packColumns`. @throws DamagedObjectError */
export function unpackColumns(block: Uint8Array): { rows: number; columns: Column[] } {
  const [headerBytes, ...sections] = unpackBlocks(block);
  const header = JSON.parse(new TextDecoder().decode(headerBytes)) as BlockHeader;
  if (sections.length !== header.columns.length) throw new DamagedObjectError("A block of columns");
  const columns = header.columns.map(({ name, kind }, index): Column => {
    const section = sections[index];
    if (kind === "number") return { name, kind, values: new Float64Array(new Uint8Array(section).buffer) };
    return { name, kind, values: unpackStrings(section, header.rows) };
  });
  return { rows: header.rows, columns };
}

/** Byte blocks behind each other, each after its own u32 length. */
export function packBlocks(blocks: readonly Uint8Array[]): Uint8Array {
  const whole = Buffer.allocUnsafe(blocks.reduce((sum, block) => sum + 4 + block.byteLength, 0));
  let at = 0;
  for (const block of blocks) {
    at = whole.writeUInt32LE(block.byteLength, at);
    whole.set(block, at);
    at += block.byteLength;
  }
  return whole;
}

/** The inverse of `packBlocks`, as views without a copy. @throws DamagedObjectError on a length that does not fit */
export function unpackBlocks(whole: Uint8Array): Uint8Array[] {
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  const blocks: Uint8Array[] = [];
  let at = 0;
  while (at < whole.byteLength) {
    if (at + 4 > whole.byteLength) throw new DamagedObjectError("A block file");
    const length = view.getUint32(at, true);
    if (at + 4 + length > whole.byteLength) throw new DamagedObjectError("A block file");
    blocks.push(whole.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return blocks;
}
