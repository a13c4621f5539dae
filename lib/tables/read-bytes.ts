import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InvalidInputError } from "../errors.ts";

/** Unpacks a gzip stream. @throws InvalidInputError when it is damaged or ends too early */
export async function* gunzipped(bytes: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const unpacking = createGunzip({ chunkSize: 256 * 1024 });
  pipeline(Readable.from(bytes), unpacking, () => undefined); // An error reaches the loop below.
  try {
    for await (const chunk of unpacking) yield chunk as Uint8Array;
  } catch (cause) {
    if (!String((cause as NodeJS.ErrnoException).code).startsWith("Z_")) throw cause;
    throw new InvalidInputError(
      file,
      `this is not a whole gzip file (${(cause as Error).message}). Upload it again, or unpack it and drop the plain file.`,
      { cause },
    );
  }
}

const BOM = [0xef, 0xbb, 0xbf];

/** What is read at once: enough to be fast, and what bounds a batch of rows. */
const BLOCK_BYTES = 256 * 1024;

/**
 * The text's bytes without a byte-order mark, in blocks of one size whatever the size of the chunks.
 *
 * @throws InvalidInputError for an empty file, UTF-16 or a binary format
 */
export async function* utf8Bytes(bytes: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const block of blocksOf(bytes)) {
    yield isFirst ? withoutMark(block, file) : block;
    isFirst = false;
  }
  if (isFirst) throw new InvalidInputError(file, "this file is empty. Drop a file with a header and rows.");
}

async function* blocksOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let filled = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.byteLength; ) {
      const part = chunk.subarray(at, at + BLOCK_BYTES - filled);
      block.set(part, filled);
      filled += part.byteLength;
      at += part.byteLength;
      if (filled === BLOCK_BYTES) {
        yield block;
        block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

function withoutMark(head: Buffer, file: string): Buffer {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw new InvalidInputError(file, "this file is UTF-16. Save it as UTF-8.");
  }
  if (head[0] === 0x1f && head[1] === 0x8b) {
    throw new InvalidInputError(
      file,
      "this file is gzipped, and its name does not say so. Add .gz to its name.",
    );
  }
  if (head.toString("latin1", 0, 4) === "PAR1") {
    throw new InvalidInputError(file, "this is a Parquet file. Call it .parquet.");
  }
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04) {
    throw new InvalidInputError(file, "this is a ZIP archive or a spreadsheet. Save it as CSV.");
  }
  return BOM.every((byte, index) => head[index] === byte) ? head.subarray(3) : head;
}
