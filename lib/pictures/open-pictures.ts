import { keys } from "../contracts/keys.ts";
import type { TaskName } from "../contracts/names.ts";
import type { ListedPicture } from "../contracts/pictures.ts";
import { openTable, type TableSource } from "../tables/open-table.ts";
import { excerptOf, type RejectedRow, type Table, type TableBatch, type TableRow } from "../tables/table.ts";
import { formatOf } from "../tables/table-format.ts";
import type { FoundPicture } from "./found-picture.ts";
import { folderOf, outerFolderOf } from "./picture-name.ts";
import { namedPictures, readFolder } from "./read-loose.ts";
import { readTar } from "./read-tar.ts";
import { readZip } from "./read-zip.ts";
import { unpackTar } from "./unpacked-tar.ts";

/** A table of pictures: of each row it is known where its picture lies. */
export interface PictureTable extends Table {
  pictureOf: (row: TableRow) => ListedPicture;
}

/** Columns of a table that is made of an archive or a folder. */
const HEADER = ["picture", "folder"];

const BATCH = 64;

/**
 * Opens a data file of an image task for one pass: an archive, a folder, or a table whose column names pictures.
 *
 * @param column of a table, that names pictures as they lie in the task's data
 * @param size of the file
 * @throws InvalidInputError where it cannot be read at all
 */
export async function openPictures(
  source: TableSource,
  { task, column, size }: { task: TaskName; column: string; size: number },
): Promise<PictureTable> {
  const { store, file, version } = source;
  const { pictures, gzipped } = formatOf(file);
  const shown = `data/${file}`;
  if (pictures === "folder") return tableOf(readFolder(store, `${source.key}/`));
  if (pictures === "zip") return tableOf(readZip(store, source.key, { size, version }, shown));
  if (pictures === "tar") {
    if (!gzipped) return tableOf(readTar(store, source.key, { version }, shown, source.onBytes));
    const to = source.unpackedKey;
    await unpackTar(store, { key: source.key, size, version, to }, shown);
    return tableOf(readTar(store, to, {}, shown));
  }
  return named(await openTable(source), source, keys.dataOf(task), column);
}

/** A row a picture, with the name it has in the archive and the folder it lies in. */
function tableOf(found: AsyncIterable<FoundPicture>): PictureTable {
  const pictures = new WeakMap<TableRow, ListedPicture>();
  return {
    header: HEADER,
    reader: (column) => (row) => (row.values as Record<string, unknown>)[column],
    pictureOf: (row) => pictures.get(row) as ListedPicture,
    batches: (async function* () {
      const names = new Set<string>();
      let batch: TableBatch = { rows: [], rejected: [] };
      let line = 0;
      for await (const one of found) {
        line += 1;
        const { name } = one;
        if ("problem" in one) batch.rejected.push({ line, ...one.problem, excerpt: excerptOf(name) });
        else if (names.has(name)) batch.rejected.push(twice(line, name));
        else {
          names.add(name);
          const outer = outerFolderOf(name);
          const values = {
            picture: name,
            folder: folderOf(name),
            ...(outer !== undefined && { outer_folder: outer }),
          };
          const row: TableRow = { line, raw: JSON.stringify(values), values };
          pictures.set(row, { ...one.reference, line, name });
          batch.rows.push(row);
        }
        if (batch.rows.length + batch.rejected.length < BATCH) continue;
        yield batch;
        batch = { rows: [], rejected: [] };
      }
      yield batch;
    })(),
  };
}

const twice = (line: number, name: string): RejectedRow => ({
  line,
  reason: "duplicate-name",
  message: "another picture before it has the same name. Give each its own.",
  excerpt: excerptOf(name),
});

/** A table's rows, each with the picture that it names. */
function named(table: Table, { store }: TableSource, prefix: string, column: string): PictureTable {
  const pictures = new WeakMap<TableRow, ListedPicture>();
  const nameOf = table.reader(column);
  return {
    header: table.header,
    reader: table.reader,
    ...("schema" in table && { schema: table.schema }),
    pictureOf: (row) => pictures.get(row) as ListedPicture,
    batches: (async function* () {
      for await (const batch of table.batches) {
        const names = batch.rows.map((row) => String(nameOf(row) ?? ""));
        const found = await namedPictures(store, prefix, names);
        const rows: TableRow[] = [];
        for (const [index, row] of batch.rows.entries()) {
          const one = found[index];
          if ("problem" in one) {
            batch.rejected.push({
              line: row.line,
              ...one.problem,
              excerpt: excerptOf(row.raw || names[index]),
            });
          } else {
            pictures.set(row, { ...one.reference, line: row.line, name: one.name });
            rows.push(row);
          }
        }
        yield { rows, rejected: batch.rejected };
      }
    })(),
  };
}
