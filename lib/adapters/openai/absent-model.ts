import { RefusedError } from "../../errors.ts";
import type { LanguageModel } from "../../ports.ts";

/** A run that only replays met a request that nobody recorded. */
class NoRecordingError extends RefusedError {
  readonly code = "no-recording";

  constructor(model: string) {
    super(
      `There is no recording of this request to ${model}, and this run asks no model. ` +
        "Set OPENAI_API_KEY (and OPENAI_BASE_URL for another endpoint) and run with --llm live. " +
        "To label with the programs in programs/ alone, write synthesis: { programs: 0 }.",
    );
  }
}

/** The model of a run that only replays: whatever is not recorded is an error that says how to ask. */
export const absentModel = (): LanguageModel => {
  const refuse = async ({ model }: { model: string }): Promise<never> => {
    throw new NoRecordingError(model);
  };
  return { complete: refuse, embed: refuse };
};
