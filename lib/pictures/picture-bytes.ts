import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { hashOf } from "../contracts/hash.ts";
import type { PictureReference } from "../contracts/pictures.ts";
import { ObjectChangedError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import { type RangeReader, rangeReader } from "./range-reader.ts";

const inflate = promisify(inflateRaw);

/**
 * A picture out of the bytes that hold it; memory is bounded by what the archive's directory promised.
 *
 * @returns undefined where they are damaged, or more than was promised
 */
export async function unpackedPicture(
  packed: Uint8Array,
  inflated: number | undefined,
): Promise<Uint8Array | undefined> {
  if (inflated === undefined) return packed;
  const bytes = await inflate(packed, { maxOutputLength: Math.max(1, inflated) }).catch(() => undefined);
  return bytes?.byteLength === inflated ? bytes : undefined;
}

/** Reads pictures by their references; those of one archive, in order, share requests. */
export function pictureReader(
  store: Pick<ObjectStore, "read">,
): (reference: PictureReference) => Promise<Uint8Array> {
  const readers = new Map<string, RangeReader>();
  return async ({ hash, key, version, start, length, inflated }) => {
    const ofArchive = readers.get(key) ?? rangeReader(store, key, { size: Number.MAX_SAFE_INTEGER, version });
    if (version !== undefined) readers.set(key, ofArchive);
    const packed =
      version === undefined
        ? await rangeReader(store, key, { size: start + length })(start, start + length)
        : await ofArchive(start, start + length);
    const bytes = await unpackedPicture(packed, inflated);
    if (bytes === undefined || hashOf(bytes) !== hash) throw new ObjectChangedError(key);
    return bytes;
  };
}
