import { dropAt, keys } from "../../../contracts/keys.ts";
import { Hash, TaskName } from "../../../contracts/names.ts";
import { parseTaskFile } from "../../../contracts/task-file.ts";
import { InvalidInputError } from "../../../errors.ts";

/** Bytes of a key that S3 takes. */
const MOST_KEY_BYTES = 1_024;

/** The task that a dropped task file is of. @throws InvalidInputError where it is none */
export const taskOfFile = (text: string, name: string): TaskName =>
  TaskName.parse(parseTaskFile(text, name).name);

/**
 * The key of a file that was dropped on the page.
 *
 * @param path a task's name and a path in its folder, as its user's file system has it
 * @throws InvalidInputError where a task has no such file
 */
export function keyOfDrop(path: string): string {
  const [name, ...rest] = path.split("/");
  const task = TaskName.safeParse(name);
  if (!task.success) throw new InvalidInputError(name, `expected ${task.error.issues[0].message}.`);
  const isClean = rest.every((part) => !/^\.{0,2}$|[\p{Cc}\\]/u.test(part)) && path.isWellFormed();
  const key = `${keys.inboxOf(task.data)}${rest.join("/")}`;
  if (!isClean || Buffer.byteLength(key) > MOST_KEY_BYTES) {
    throw new InvalidInputError(path, "this name cannot be used. Rename the file.");
  }
  if (dropAt(key).kind !== "other" || isPartOfFolder(key, task.data)) return key;
  throw new InvalidInputError(
    path,
    "nothing is made of this file. A task has task.yaml, and files in data/, programs/ and replies/.",
  );
}

/** What starts nothing by itself: a recorded reply, or a picture of a folder of them. */
function isPartOfFolder(key: string, task: TaskName): boolean {
  const replies = keys.shippedRepliesOf(task);
  if (key.startsWith(replies)) {
    return Hash.safeParse(key.slice(replies.length).replace(/\.json$/, "")).success && key.endsWith(".json");
  }
  return key.startsWith(keys.dataOf(task)) && key.slice(keys.dataOf(task).length).includes("/");
}
