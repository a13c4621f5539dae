import { packStrings, unpackStrings } from "../contracts/columns.ts";

/** Texts as `packStrings` makes them: most are only copied. */
export interface PackedTexts {
  rows: number;
  block: Uint8Array;
}

export const packTexts = (texts: readonly string[]): PackedTexts => ({
  rows: texts.length,
  block: packStrings(texts),
});

/** The inverse of `packTexts`. */
export const unpackTexts = ({ rows, block }: PackedTexts): string[] => unpackStrings(block, rows);

/** One of the texts, without unpacking the others. */
export function textAt({ rows, block }: PackedTexts, row: number): string {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const start = row === 0 ? 0 : bytes.readUInt32LE((row - 1) * 4);
  return bytes.toString("utf8", rows * 4 + start, rows * 4 + bytes.readUInt32LE(row * 4));
}

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const COMMA = 0x2c;
const SPACE = 0x20;

/** Each text with its addition behind it, copied byte by byte; into an object, before its closing brace. */
export function appendTexts(
  { rows, block }: PackedTexts,
  additions: readonly string[],
  which: Uint32Array,
  { head = "", isObject = false },
): Uint8Array {
  const texts = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const tails = additions.map((text) => Buffer.from(text));
  let size = Buffer.byteLength(head) + block.byteLength;
  for (let row = 0; row < rows; row++) size += tails[which[row]].length + 1;
  const part = Buffer.allocUnsafe(size);
  let at = part.write(head);
  let start = rows * 4;
  for (let row = 0; row < rows; row++) {
    const next = rows * 4 + texts.readUInt32LE(row * 4);
    const end = isObject ? endOfMembers(texts, next) : next;
    at += texts.copy(part, at, start, end);
    if (isObject && texts[end - 1] !== OPENING_BRACE) at = part.writeUInt8(COMMA, at);
    at += tails[which[row]].copy(part, at);
    start = next;
  }
  return part.subarray(0, at);
}

/** Where the last member of the object that ends before `end` ends. */
function endOfMembers(texts: Buffer, end: number): number {
  let at = texts.lastIndexOf(CLOSING_BRACE, end - 1);
  while (texts[at - 1] <= SPACE) at -= 1;
  return at;
}
