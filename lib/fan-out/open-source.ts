import { packColumns } from "../contracts/columns.ts";
import { hashOf, hashOfJson } from "../contracts/hash.ts";
import type { Hash } from "../contracts/names.ts";
import type { Run } from "../contracts/objects.ts";
import { endsBatch } from "../contracts/picture-batches.ts";
import { packPictures } from "../contracts/pictures.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { openPictures } from "../pictures/open-pictures.ts";
import { openTable, type TableSource } from "../tables/open-table.ts";
import type { Table, TableRow } from "../tables/table.ts";
import { rowReading } from "./row-reading.ts";
import { type Cell, columnsOf } from "./visible-columns.ts";
import type { WayOfReading } from "./way-of-reading.ts";

/** A shard ends with the row that fills it: what a function labels in seconds and holds in memory without a thought. */
const SHARD_ROWS = 20_000;
const SHARD_CHARACTERS = 4 * 1024 * 1024;
/** Pictures take tens of milliseconds each, and a message has six shards of them. */
const SHARD_PICTURES = 256;
/** A picture in tokens of a model that is shown it coarsely, as characters: what prices of direct labeling are estimated of. */
const PICTURE_CHARACTERS = 85 * 4;

/** A data file that is being read, and how its rows become shards. */
export interface OpenSource {
  table: Table;
  reading: Awaited<ReturnType<typeof rowReading>>;
  /** Whether a shard is full with these rows. */
  isFull(rows: readonly TableRow[], characters: number): boolean;
  /** What programs see of a shard, or where it comes from, and its address. */
  pack(rows: readonly TableRow[], cells: readonly Cell[][]): { block: Uint8Array; hash: Hash };
}

/** Opens a data file for one pass, of whatever the task labels. @throws InvalidInputError where it cannot be read at all */
export async function openSource(
  task: TaskFile,
  run: WayOfReading & Pick<Run, "features">,
  { bytes, ...source }: TableSource & { bytes: number },
): Promise<OpenSource> {
  if (task.modality === "image") return openPictureSource(task, run, source, bytes);
  const table = await openTable(source);
  const reading = await rowReading(table, task, run);
  return {
    table,
    reading,
    isFull: (rows, characters) => rows.length >= SHARD_ROWS || characters >= SHARD_CHARACTERS,
    pack(rows, cells) {
      const block = packColumns(columnsOf(reading.visible, cells), rows.length);
      return { block, hash: hashOf(block) };
    },
  };
}

async function openPictureSource(
  task: TaskFile,
  run: WayOfReading & Pick<Run, "features">,
  source: TableSource,
  size: number,
): Promise<OpenSource> {
  const table = await openPictures(source, { task: task.name, column: run.visible[0].source, size });
  const reading = await rowReading(table, task, run);
  const hashOfRow = (row: TableRow) => table.pictureOf(row).hash;
  return {
    table,
    reading: { ...reading, cells: () => ({ cells: [], characters: PICTURE_CHARACTERS }) },
    // At the end of a batch of embeddings, which so is the same batch whatever comes before the shard.
    isFull: (rows) =>
      rows.length >= SHARD_PICTURES &&
      (endsBatch(hashOfRow(rows[rows.length - 1])) || rows.length >= 2 * SHARD_PICTURES),
    pack(rows) {
      const pictures = rows.map(table.pictureOf);
      return {
        block: packPictures(pictures),
        hash: hashOfJson([run.features, pictures.map(({ hash }) => hash)]),
      };
    },
  };
}
