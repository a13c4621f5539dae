import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { folderStore } from "../adapters/local/folder-store.ts";
import { keys, taskFiles } from "../contracts/keys.ts";
import { FileName } from "../contracts/names.ts";
import { parseTaskFile, type TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import { formatOf } from "../tables/table-format.ts";

/** A task folder on this machine, with the store that makes a bucket of it. */
export interface LocalTask {
  task: TaskFile;
  store: ObjectStore;
  folder: string;
  /** Folders of state and of results, for people to find. */
  work: string;
  outbox: string;
}

/**
 * Opens a folder laid out like `inbox/<task>/`. State and results go to `.alchemist/` inside it, or to `out`.
 *
 * @param dataFiles files to label instead of those in `data/`, wherever they lie
 * @throws InvalidInputError when the folder, its task file or a data file cannot be used
 */
export async function openTask(
  folder: string,
  options: { out?: string; dataFiles?: string[] } = {},
): Promise<LocalTask> {
  const root = resolve(folder);
  const file = await taskFileIn(root, folder);
  const task = parseTaskFile(await readFile(join(root, file), "utf8"), join(folder, file));
  const work = join(options.out ? resolve(options.out) : join(root, ".alchemist"), "work");
  const outbox = options.out ? resolve(options.out) : join(root, ".alchemist", "outbox");

  const files: Record<string, string> = {};
  for (const path of options.dataFiles ?? []) {
    const name = FileName.safeParse(basename(path));
    if (!name.success)
      throw new InvalidInputError(path, `this file's name cannot be used: ${name.error.issues[0].message}.`);
    const entry = await stat(path).catch(() => undefined);
    if (!entry?.isFile())
      throw new InvalidInputError(
        path,
        entry
          ? "this is a folder. Name a file; a folder of pictures goes into data/ of the task, or into a zip."
          : "there is no such file.",
      );
    files[keys.data(task.name, name.data)] = resolve(path);
  }
  const store = folderStore({
    mounts: { [`inbox/${task.name}/`]: root, [`work/${task.name}/`]: work, [`outbox/${task.name}/`]: outbox },
    files,
    scratch: join(work, ".half-written"),
  });
  return { task, store, folder: root, work, outbox };
}

async function taskFileIn(root: string, shown: string): Promise<string> {
  const found: string[] = [];
  for (const name of taskFiles) {
    if (
      await stat(join(root, name)).then(
        (entry) => entry.isFile(),
        () => false,
      )
    )
      found.push(name);
  }
  if (found.length === 1) return found[0];
  if (found.length > 1) throw new InvalidInputError(shown, `found ${found.join(" and ")}. Keep one of them.`);
  const entry = await stat(root).catch(() => undefined);
  throw new InvalidInputError(
    shown,
    entry?.isDirectory()
      ? "there is no task.yaml in this folder. Write one with name, description, classes and input."
      : `${entry ? "this is a file" : "there is no such folder"}. Give the folder that holds task.yaml.`,
  );
}

/** The data files of a task, in listing order. @throws InvalidInputError where there is none */
export async function dataFilesOf({ task, store, folder }: LocalTask): Promise<FileName[]> {
  const prefix = keys.dataOf(task.name);
  const names: FileName[] = [];
  const folders: FileName[] = [];
  for await (const { key } of store.list(prefix)) {
    const [first, ...rest] = key.slice(prefix.length).split("/");
    if (task.modality === "image" && rest.length > 0) {
      const folder = FileName.parse(first);
      if (!folders.includes(folder)) folders.push(folder);
      continue;
    }
    const name = FileName.safeParse(key.slice(prefix.length));
    if (!name.success)
      throw new InvalidInputError(
        join(folder, "data"),
        `${key.slice(prefix.length)}: this name cannot be used: ${name.error.issues[0].message}.`,
      );
    names.push(name.data);
  }
  // Beside a table that names pictures, the folders are what it names.
  if (names.every((name) => formatOf(name).pictures !== undefined)) names.push(...folders);
  if (names.length === 0) {
    throw new InvalidInputError(
      join(folder, "data"),
      task.modality === "image"
        ? "there are no pictures to label. Put a folder, a .zip, .tar or .tar.gz of pictures there, or name an archive with --data FILE."
        : "there is no data to label. Put a .csv, .tsv, .jsonl or .parquet file there (each may be gzipped), or name one with --data FILE.",
    );
  }
  return names;
}
