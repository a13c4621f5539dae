import { z } from "zod";

/** What programs are written in. */
export const ProgramLanguage = z.enum(["javascript", "python"]);
export type ProgramLanguage = z.infer<typeof ProgramLanguage>;

/** How the files of a language end. */
export const EXTENSIONS = { javascript: "js", python: "py" } as const satisfies Record<
  ProgramLanguage,
  string
>;
