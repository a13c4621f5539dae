import type { ObjectStore } from "../ports.ts";

/** Bytes that are fetched at once: neighbours are asked for next. */
const BLOCK_BYTES = 1024 * 1024;
/** Places that are read by turns: an archive's directory, and what it describes. */
const BLOCKS = 4;

/** Reads ranges of an object. */
export type RangeReader = (start: number, end: number) => Promise<Uint8Array>;

/**
 * Reads ranges of one version of an object, in blocks, of which the last few are kept. Who asks for what is on its way waits
 * for it.
 */
export function rangeReader(
  store: Pick<ObjectStore, "read">,
  key: string,
  { size, version }: { size: number; version?: string },
): RangeReader {
  const blocks: { start: number; end: number; bytes: Promise<Uint8Array> }[] = [];
  const fetchBlock = (start: number, until: number) => {
    const end = Math.min(size, Math.max(until, start + BLOCK_BYTES));
    return { start, end, bytes: fetched(store, key, start, end, version) };
  };
  return async (start, end) => {
    const index = blocks.findIndex((one) => one.start <= start && end <= one.end);
    const [known] = index >= 0 ? blocks.splice(index, 1) : [];
    const block = known ?? fetchBlock(start, end);
    blocks.unshift(block);
    blocks.length = Math.min(blocks.length, BLOCKS);
    try {
      return (await block.bytes).subarray(start - block.start, end - block.start);
    } catch (error) {
      // Whoever asks again gets another try.
      if (blocks.includes(block)) blocks.splice(blocks.indexOf(block), 1);
      throw error;
    }
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
