import type { LanguageModel } from "../../ports.ts";
import { ModelError } from "./model-error.ts";

/** The model of a run that only replays: whatever is not recorded is an error that says how to ask. */
export function absentModel(): LanguageModel {
  return {
    complete: async ({ model }) => {
      throw new ModelError(
        "no-recording",
        `There is no recording of this request to ${model}, and this run asks no model. ` +
          "Set OPENAI_API_KEY (and OPENAI_BASE_URL for another endpoint) and run with --llm live.",
      );
    },
  };
}
