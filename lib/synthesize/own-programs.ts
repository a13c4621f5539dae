import { keys } from "../contracts/keys.ts";
import { FileName, ProgramId, type TaskName } from "../contracts/names.ts";
import type { ProgramLanguage } from "../contracts/program-language.ts";
import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import { MOST_BYTES } from "./check-program.ts";

/** A file among the user's programs; `reason` where it cannot be read as one. */
export interface OwnProgram {
  id: ProgramId;
  file: FileName;
  language: ProgramLanguage;
  source: string;
  reason?: string;
}

/**
 * The user's own programs, in the order of their file names.
 *
 * @param taken ids that they may not have
 * @throws InvalidInputError on a name that cannot be used
 */
export async function ownPrograms(
  task: TaskName,
  taken: readonly ProgramId[],
  store: ObjectStore,
): Promise<OwnProgram[]> {
  const ids = new Set<string>(taken);
  const programs: OwnProgram[] = [];
  for await (const { key, size } of store.list(keys.ownProgramsOf(task))) {
    const name = key.slice(keys.ownProgramsOf(task).length);
    // Folders, and files such as .DS_Store that nobody wrote.
    if (name.includes("/") || name.startsWith(".")) continue;
    const file = FileName.safeParse(name);
    if (!file.success) {
      throw new InvalidInputError(key, `a file needs ${file.error.issues[0].message}. Rename it.`);
    }
    const id = freeId(name, ids);
    ids.add(id);
    const language = name.endsWith(".py") ? "python" : "javascript";
    programs.push({ id, file: file.data, language, ...(await readProgram(key, size, store)) });
  }
  return programs;
}

async function readProgram(
  key: string,
  size: number,
  store: ObjectStore,
): Promise<{ source: string; reason?: string }> {
  if (!/\.(js|py)$/.test(key)) {
    return { source: "", reason: "its name does not end in .js or .py, so it was left out" };
  }
  if (size > MOST_BYTES) {
    return { source: "", reason: `it has ${size} bytes, and a program may have ${MOST_BYTES}` };
  }
  try {
    return { source: new TextDecoder("utf-8", { fatal: true }).decode(await store.get(key)) };
  } catch (error) {
    if (error instanceof TypeError) return { source: "", reason: "it is not UTF-8 text" };
    throw error;
  }
}

/** An id that begins with the file's stem and that nobody has. */
function freeId(file: string, taken: ReadonlySet<string>): ProgramId {
  const stem = file
    .replace(/\.[^.]*$/, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 90);
  const base = stem || "own";
  let id = base;
  for (let copy = 2; taken.has(id); copy++) id = `${base}-${copy}`;
  return ProgramId.parse(id);
}
