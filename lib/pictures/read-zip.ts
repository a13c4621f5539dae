import { Readable } from "node:stream";
import yauzl from "yauzl";
import { MOST_PICTURE_BYTES } from "../contracts/pictures.ts";
import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import { archiveError } from "./archive-error.ts";
import { type FoundPicture, foundPicture, type Place } from "./found-picture.ts";
import { unpackedPicture } from "./picture-bytes.ts";
import { isByTheWay, nameProblem } from "./picture-name.ts";
import type { Problem } from "./picture-problem.ts";
import { type RangeReader, rangeReader } from "./range-reader.ts";
import { tooLarge } from "./sniff.ts";

/** Pictures are packed already: what shrinks this much is made to blow up. */
const MOST_RATIO = 200;

const STORED = 0;
const DEFLATED = 8;

/** yauzl's way to read from anywhere; it is made by inheritance. */
class StoredArchive extends yauzl.RandomAccessReader {
  readonly #bytes: RangeReader;

  constructor(bytes: RangeReader) {
    super();
    this.#bytes = bytes;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const bytes = this.#bytes;
    return Readable.from(
      (async function* () {
        yield await bytes(start, end);
      })(),
    );
  }
}

/**
 * The pictures of a zip archive by its directory, each read once; nothing is unpacked but the picture at hand.
 *
 * @param archive its size and version: no other is read
 * @param file how to call it in errors
 * @throws InvalidInputError where it is no whole archive; ObjectChangedError
 */
export async function* readZip(
  store: Pick<ObjectStore, "read">,
  key: string,
  archive: { size: number; version?: string },
  file: string,
): AsyncGenerator<FoundPicture> {
  const bytes = rangeReader(store, key, archive);
  try {
    const zip = await yauzl.fromRandomAccessReaderPromise(new StoredArchive(bytes), archive.size, {
      // Files are judged one by one, so that a bad one costs itself and not the archive.
      decodeStrings: false,
      validateEntrySizes: false,
      autoClose: false,
    });
    let packed = 0;
    for await (const entry of zip.eachEntry()) {
      packed += entry.compressedSize;
      if (packed > archive.size) {
        throw new InvalidInputError(file, "this archive's files overlap. Pack the pictures anew.");
      }
      const name = yauzl.getFileNameLowLevel(
        entry.generalPurposeBitFlag,
        entry.fileNameRaw,
        entry.extraFields,
        true,
      );
      if (name.endsWith("/") || isByTheWay(name)) continue;
      const problem = entryProblem(entry, name);
      if (problem) {
        yield { name, problem };
        continue;
      }
      const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      const length = entry.compressedSize;
      const isDeflated = entry.compressionMethod === DEFLATED;
      const place: Place = {
        key,
        version: archive.version,
        start,
        length,
        ...(isDeflated && { inflated: entry.uncompressedSize }),
      };
      const held = await bytes(start, start + length);
      const picture = held.byteLength === length && (await unpackedPicture(held, place.inflated));
      yield picture ? foundPicture(name, picture, place) : { name, problem: DAMAGED };
    }
  } catch (cause) {
    throw archiveError(cause, "zip", file);
  }
}

const DAMAGED: Problem = {
  reason: "damaged",
  message: "its bytes in the archive are damaged. Pack it anew.",
};

const LINK = 0o120_000;
const FILE_TYPE = 0o170_000;

function entryProblem(entry: yauzl.Entry, name: string): Problem | undefined {
  const bad = nameProblem(name);
  if (bad) return bad;
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK) {
    return {
      reason: "link",
      message: "this is a link, and links are not followed. Pack the picture itself.",
    };
  }
  if (entry.isEncrypted())
    return { reason: "encrypted", message: "the file is encrypted. Pack it without a password." };
  const { compressionMethod: method, compressedSize, uncompressedSize } = entry;
  if (method !== STORED && method !== DEFLATED) {
    return {
      reason: "damaged",
      message: `it is packed by method ${method}, which is not read. Pack with deflate or none.`,
    };
  }
  if (Math.max(compressedSize, uncompressedSize) > MOST_PICTURE_BYTES) return tooLarge(uncompressedSize);
  if (method === STORED && compressedSize !== uncompressedSize) return DAMAGED;
  if (uncompressedSize > compressedSize * MOST_RATIO) {
    return {
      reason: "packed-bomb",
      message: `${compressedSize} bytes claim to hold ${uncompressedSize}, as no picture's do.`,
    };
  }
  return undefined;
}
