import { InvalidInputError } from "../errors.ts";
import type { Io, TaskOptions } from "./alchemist.ts";

/** The key to ask a model with; undefined where nobody is asked. @throws InvalidInputError where asking is demanded without a key */
export function liveKey(
  { llm }: Pick<TaskOptions, "llm">,
  { config }: Pick<Io, "config">,
): string | undefined {
  const { OPENAI_API_KEY: key } = config;
  if (llm === "live" && key === undefined) {
    throw new InvalidInputError(
      "--llm live",
      "no key to ask with. Set OPENAI_API_KEY, and OPENAI_BASE_URL for another endpoint than OpenAI's (a local one takes any key).",
    );
  }
  return llm === "recorded" ? undefined : key;
}
