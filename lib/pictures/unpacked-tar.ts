import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import { gunzipped } from "../tables/read-bytes.ts";

/** Pictures hardly shrink: an archive that unpacks to more than this, and to so many times itself, is made to blow up. */
const HARMLESS_BYTES = 2 ** 30;
const MOST_RATIO = 20;

/**
 * Streams a gzipped tar archive into an object that can be read by ranges.
 *
 * @throws InvalidInputError where it is damaged or unpacks to far more than pictures do
 */
export async function unpackTar(
  store: Pick<ObjectStore, "read" | "put">,
  { key, size, version, to }: { key: string; size: number; version?: string; to: string },
  file: string,
): Promise<void> {
  const most = Math.max(HARMLESS_BYTES, size * MOST_RATIO);
  const bounded = async function* () {
    let bytes = 0;
    for await (const chunk of gunzipped(store.read(key, undefined, version), file)) {
      bytes += chunk.byteLength;
      if (bytes > most) {
        throw new InvalidInputError(
          file,
          `its ${size} bytes unpack to more than ${most}, as no pictures do. Pack it anew.`,
        );
      }
      yield chunk;
    }
  };
  await store.put(to, bounded());
}
