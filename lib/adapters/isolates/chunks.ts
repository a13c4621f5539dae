import { type BlockHeader, unpackBlocks } from "../../contracts/columns.ts";

/** Some rows of a shard, by column, as they go into the isolate; numbers are valid until the next chunk is asked for. */
export interface Chunk {
  rows: number;
  columns: (string[] | Float64Array<ArrayBuffer>)[];
}

/** The header of a block made by `packColumns`. @throws DamagedObjectError */
export function headerOf(block: Uint8Array): BlockHeader {
  const [header] = unpackBlocks(block);
  return JSON.parse(new TextDecoder().decode(header)) as BlockHeader;
}

type Section =
  /** The text or JSON of row `i` ends at `ends[i]`, counted from where `ends` ends. */
  | { bytes: Buffer; ends: Uint32Array }
  /** Where each chunk's numbers are copied to: new memory for each cost a tenth of what small programs do. */
  | { bytes: Buffer; ends?: undefined; room: Float64Array<ArrayBuffer> };

/** The rows of a block, decoded piece by piece: at most `mostRows` of `mostBytes`, but never less than one row. */
export function* chunksOf(block: Uint8Array, mostRows: number, mostBytes: number): Generator<Chunk> {
  const { rows, columns } = headerOf(block);
  const sections = unpackBlocks(block)
    .slice(1)
    .map((section, index): Section => {
      const bytes = Buffer.from(section.buffer, section.byteOffset, section.byteLength);
      return columns[index].kind === "number"
        ? { bytes, room: new Float64Array(Math.min(rows, mostRows)) }
        : { bytes, ends: new Uint32Array(new Uint8Array(bytes.subarray(0, rows * 4)).buffer) };
    });
  let from = 0;
  while (from < rows) {
    let to = Math.min(rows, from + mostRows);
    while (to > from + 1 && bytesOf(sections, from, to) > mostBytes) to = from + ((to - from) >> 1);
    yield { rows: to - from, columns: sections.map((section) => valuesOf(section, from, to)) };
    from = to;
  }
}

const bytesOf = (sections: readonly Section[], from: number, to: number): number =>
  sections.reduce((sum, { ends }) => sum + (ends ? ends[to - 1] - startOf(ends, from) : (to - from) * 8), 0);

const startOf = (ends: Uint32Array, row: number): number => (row === 0 ? 0 : ends[row - 1]);

function valuesOf(section: Section, from: number, to: number): Chunk["columns"][number] {
  const { bytes, ends } = section;
  if (!ends) {
    new Uint8Array(section.room.buffer).set(bytes.subarray(from * 8, to * 8));
    return section.room.subarray(0, to - from);
  }
  const values = new Array<string>(to - from);
  let start = ends.byteLength + startOf(ends, from);
  for (let row = from; row < to; row++) {
    const end = ends.byteLength + ends[row];
    values[row - from] = bytes.toString("utf8", start, end);
    start = end;
  }
  return values;
}
