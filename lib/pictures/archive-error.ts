import { AlchemistError, InvalidInputError } from "../errors.ts";

/** What went wrong in reading an archive: the store's own errors as they are, everything else is in the archive's bytes. */
export function archiveError(cause: unknown, kind: "zip" | "tar", file: string): unknown {
  const isOfStore =
    cause instanceof AlchemistError || "$metadata" in Object(cause) || "syscall" in Object(cause);
  if (isOfStore) return cause;
  return new InvalidInputError(
    file,
    `this is not a whole ${kind} archive (${(cause as Error).message}). Pack it anew and drop it again.`,
    { cause },
  );
}
