import type { ObjectStore } from "../ports.ts";

/** Bytes that are fetched at once: neighbours are asked for next. */
const BLOCK_BYTES = 1024 * 1024;
/** Places that are read by turns: an archive's directory, and what it describes. */
const BLOCKS = 4;

/** Reads ranges of an object. */
export type RangeReader = (start: number, end: number) => Promise<Uint8Array>;

/** Reads ranges of one version of an object, in blocks, of which the last few are kept. */
export function rangeReader(
  store: Pick<ObjectStore, "read">,
  key: string,
  { size, version }: { size: number; version?: string },
): RangeReader {
  const blocks: { start: number; bytes: Uint8Array }[] = [];
  return async (start, end) => {
    const index = blocks.findIndex((one) => one.start <= start && end <= one.start + one.bytes.byteLength);
    const [known] = index >= 0 ? blocks.splice(index, 1) : [];
    const block = known ?? {
      start,
      bytes: await fetched(store, key, start, Math.min(size, Math.max(end, start + BLOCK_BYTES)), version),
    };
    blocks.unshift(block);
    blocks.length = Math.min(blocks.length, BLOCKS);
    return block.bytes.subarray(start - block.start, end - block.start);
  };
}

async function fetched(
  store: Pick<ObjectStore, "read">,
  key: string,
  start: number,
  end: number,
  version?: string,
): Promise<Uint8Array> {
  if (end <= start) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(key, { start, end }, version)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
