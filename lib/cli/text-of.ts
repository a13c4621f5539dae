import { readFile } from "node:fs/promises";
import { InvalidInputError } from "../errors.ts";

/** The text of a file that an option or argument names. @throws InvalidInputError where it cannot be read */
export const textOf = (file: string): Promise<string> =>
  readFile(file, "utf8").catch((cause: Error) => {
    throw new InvalidInputError(file, `cannot be read: ${cause.message}.`, { cause });
  });
