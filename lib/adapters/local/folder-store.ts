import { createHash, type Hash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { InvalidInputError, ObjectChangedError, ObjectNotFoundError, StoreWriteError } from "../../errors.ts";
import type { ObjectStore } from "../../ports.ts";

export interface FolderStoreOptions {
  /** Key prefix, ending in a slash → folder that holds what is under it. Longest prefix wins. */
  mounts: Record<string, string>;
  /** Single files that stand for keys, wherever they lie; a folder listing shows them instead of its own files. */
  files?: Record<string, string>;
  /** Where half-written objects wait; on the same file system as the mounts that are written. */
  scratch: string;
}

/** The bucket as folders: a file an object, written aside and renamed, so that no reader ever sees half of one. */
export function folderStore({ mounts, files = {}, scratch }: FolderStoreOptions): ObjectStore {
  const prefixes = Object.keys(mounts).sort((a, b) => b.length - a.length);
  const scratchReady = prepareScratch(scratch);
  scratchReady.catch(() => undefined); // Reported by the first put.

  const pathOf = (key: string): string => {
    if (files[key] !== undefined) return files[key];
    const prefix = prefixes.find((candidate) => key.startsWith(candidate));
    if (prefix === undefined) throw new InvalidInputError(key, "no folder stands for this key.");
    const path = join(mounts[prefix], key.slice(prefix.length));
    if (path !== mounts[prefix] && !path.startsWith(mounts[prefix].replace(/[/\\]*$/, sep))) {
      throw new InvalidInputError(key, "this key leaves its folder.");
    }
    return path;
  };

  const read: ObjectStore["read"] = async function* (key, range, version) {
    if (range && range.end <= range.start) return;
    const stream = createReadStream(pathOf(key), {
      highWaterMark: 256 * 1024,
      ...(range && { start: range.start, end: range.end - 1 }),
    });
    // Of a part there is no telling which version it is; of the whole there is, at its end.
    const digest = version !== undefined && range === undefined ? digestOf() : undefined;
    try {
      for await (const chunk of stream) {
        digest?.update(chunk);
        yield chunk as Uint8Array;
      }
    } catch (cause) {
      throw isMissing(cause) ? new ObjectNotFoundError(key, { cause }) : cause;
    }
    if (digest && versionOf(digest) !== version) throw new ObjectChangedError(key);
  };

  const find = async (key: string): Promise<Uint8Array | undefined> => {
    try {
      return await readFile(pathOf(key));
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      throw cause;
    }
  };

  /** Writes the body aside, then lets `finish` give it its name. */
  const write = async (key: string, body: Parameters<ObjectStore["put"]>[1], finish: typeof rename) => {
    const path = pathOf(key);
    const half = join(scratch, `${process.pid}-${randomBytes(6).toString("hex")}`);
    try {
      await scratchReady;
      await mkdir(dirname(path), { recursive: true });
      const file = await open(half, "w");
      try {
        for await (const chunk of typeof body === "string" || body instanceof Uint8Array ? [body] : body) {
          await file.writeFile(chunk);
        }
      } finally {
        await file.close();
      }
      await finish(half, path);
    } catch (cause) {
      await rm(half, { force: true }).catch(() => undefined); // Where it cannot be made it is not there.
      throw translated(key, path, cause);
    }
  };

  /** One process has a folder to itself; of what it does at once, this is done one after the other. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<boolean>): Promise<boolean> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };

  return {
    find,
    read,
    async get(key) {
      const found = await find(key);
      if (found === undefined) throw new ObjectNotFoundError(key);
      return found;
    },
    async head(key) {
      try {
        const { size } = await stat(pathOf(key));
        const digest = digestOf();
        for await (const chunk of read(key)) digest.update(chunk);
        return { size, version: versionOf(digest) };
      } catch (cause) {
        if (isMissing(cause) || cause instanceof ObjectNotFoundError) return undefined;
        throw cause;
      }
    },
    put: (key, body) => write(key, body, rename),
    async create(key, body, instead) {
      let created = true;
      await write(key, body, async (half, path) => {
        if (instead !== undefined) {
          created = await inTurn(async () => {
            const isSame = (await this.head(key))?.version === instead;
            await (isSame ? rename(half, path) : rm(half, { force: true }));
            return isSame;
          });
          return;
        }
        // A link, unlike a rename, never takes the place of a file.
        created = await link(half, path).then(
          () => true,
          (cause) => {
            if (codeOf(cause) === "EEXIST") return false;
            throw cause;
          },
        );
        await rm(half, { force: true });
      });
      return created;
    },
    async *list(prefix) {
      const given = Object.keys(files).filter((key) => key.startsWith(prefix));
      if (given.length > 0) {
        for (const key of given.sort()) yield { key, size: (await stat(files[key])).size };
        return;
      }
      const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
      yield* listFolder(pathOf(folder), folder, prefix);
    },
    async delete(key) {
      try {
        await rm(pathOf(key), { force: true });
      } catch (cause) {
        if (!isMissing(cause)) throw translated(key, pathOf(key), cause);
      }
    },
  };
}

const digestOf = () => createHash("sha256");
const versionOf = (digest: Hash) => digest.digest("hex").slice(0, 32);

/** Everything below `folder` whose key begins with `prefix`, in key order; hidden files are not objects. */
async function* listFolder(
  folder: string,
  base: string,
  prefix: string,
): AsyncGenerator<{ key: string; size: number }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    if (isMissing(cause)) return [];
    throw cause;
  });
  const byKey = entries
    .filter(({ name }) => !name.startsWith("."))
    .map((entry) => ({ entry, key: `${base}${entry.name}${entry.isDirectory() ? "/" : ""}` }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  for (const { entry, key } of byKey) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* listFolder(path, key, prefix);
    } else if (key.startsWith(prefix)) {
      const { size } = await stat(path);
      yield { key, size };
    }
  }
}

/** Makes the scratch folder and clears what processes that are gone left in it. */
async function prepareScratch(scratch: string): Promise<void> {
  await mkdir(scratch, { recursive: true });
  for (const name of await readdir(scratch)) {
    const owner = Number.parseInt(name, 10);
    if (owner !== process.pid && !isAlive(owner)) await rm(join(scratch, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code ?? "";
const isMissing = (error: unknown) =>
  ["ENOENT", "ENOTDIR", "EISDIR", "ERR_FS_EISDIR"].includes(codeOf(error));

const REASONS: Record<string, string> = {
  ENOSPC: "the disk is full. Free some space",
  EDQUOT: "the disk quota is used up. Free some space",
  EROFS: "the folder is on a read-only file system. Choose another with --out DIR",
  EACCES: "the folder may not be written. Change its permissions or choose another with --out DIR",
  EPERM: "the folder may not be written. Change its permissions or choose another with --out DIR",
  ENOTDIR: "a file stands where a folder is needed. Choose another with --out DIR",
  EEXIST: "a file stands where a folder is needed. Choose another with --out DIR",
  // What Node says when it makes folders on a read-only file system.
  ENOENT: "the folder cannot be made, perhaps on a read-only file system. Choose another with --out DIR",
};

/** A file system's refusal in words; errors of the body's own pass through. */
function translated(key: string, path: string, cause: unknown): unknown {
  const reason = REASONS[codeOf(cause)];
  return reason === undefined ? cause : new StoreWriteError(key, `${reason} (${path})`, { cause });
}
