import { FileName } from "../contracts/names.ts";
import { InvalidInputError } from "../errors.ts";

export type TableFormatName = "csv" | "tsv" | "jsonl" | "parquet";

/** A data file's name, read: what its labels are called, and how to read it. */
export interface TableFormat {
  /** The file's name without its extensions. */
  name: string;
  format: TableFormatName;
  gzipped: boolean;
  /** What holds the pictures of an image task; its rows are then made, and written as JSON Lines. */
  pictures?: "zip" | "tar" | "folder";
}

const FORMATS: Record<string, TableFormatName> = {
  csv: "csv",
  tsv: "tsv",
  tab: "tsv",
  jsonl: "jsonl",
  ndjson: "jsonl",
  parquet: "parquet",
};

/** Whether a file's name says a format that can be read. */
export const isDataFile = (file: string): boolean => {
  try {
    return formatOf(file).pictures !== "folder";
  } catch {
    return false;
  }
};

/** What labels of a dropped file are called, whether or not it can be read. */
export function nameOfLabels(file: FileName): FileName {
  return isDataFile(file) ? FileName.parse(formatOf(file).name) : file;
}

const ARCHIVE = /^(.+)\.(zip|tar|tgz|tar\.gz)$/i;

/** Reads the format from a file's name, whatever its case. @throws InvalidInputError naming what can be read */
export function formatOf(file: string): TableFormat {
  const [, archive, kind] = ARCHIVE.exec(file) ?? [];
  if (archive !== undefined) {
    const pictures = kind.toLowerCase() === "zip" ? "zip" : "tar";
    return { name: archive, format: "jsonl", gzipped: /gz$/i.test(kind), pictures };
  }
  // A folder's name has no ending; whether it is one is seen where it is read.
  if (!file.includes(".")) return { name: file, format: "jsonl", gzipped: false, pictures: "folder" };
  const [, name, extension, gzip] = /^(.+)\.(csv|tsv|tab|jsonl|ndjson|parquet)(\.gz)?$/i.exec(file) ?? [];
  const format = extension === undefined ? undefined : FORMATS[extension.toLowerCase()];
  if (name === undefined || format === undefined) {
    throw new InvalidInputError(
      `data/${file}`,
      "this name says no format that can be read. Expected .csv, .tsv, .jsonl or .parquet, each also with .gz behind it; of pictures .zip, .tar or .tar.gz.",
    );
  }
  return { name, format, gzipped: gzip !== undefined };
}
