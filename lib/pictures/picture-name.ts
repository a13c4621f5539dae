import type { Problem } from "./picture-problem.ts";

/** What systems put beside pictures and nobody means: passed over without a word. */
const BY_THE_WAY = /(^|\/)(__MACOSX\/|\.(?!\.?\/)|Thumbs\.db$|desktop\.ini$)/i;

/** Whether nobody will miss it. */
export const isByTheWay = (name: string): boolean => BY_THE_WAY.test(name);

/** What is wrong with a name inside an archive or folder: it is shown, never opened, and has to say where a picture is. */
export function nameProblem(name: string): Problem | undefined {
  const because = (what: string): Problem => ({
    reason: "bad-name",
    message: `${JSON.stringify(name.slice(0, 100))} ${what}. Pack pictures under plain names.`,
  });
  if (!name.isWellFormed() || /\p{Cc}/u.test(name)) return because("has control characters");
  if (name.includes("\\")) return because("has a backslash");
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return because("is an absolute path");
  if (name.split("/").includes("..")) return because('has ".." in it');
  if (Buffer.byteLength(name) > 900) return because("is longer than 900 bytes");
  return undefined;
}

/** Where a picture lies within what was dropped: the last folder of its name, or nothing. */
export const folderOf = (name: string): string => name.split("/").at(-2) ?? "";

/** The folder around that one, where there are two: names of groups, say. */
export const outerFolderOf = (name: string): string | undefined => name.split("/").at(-3);
