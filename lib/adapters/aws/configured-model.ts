import type { ModelConfig } from "../../config.ts";
import type { LanguageModel } from "../../ports.ts";
import { absentModel } from "../openai/absent-model.ts";

/** Bounds that leave time for several calls within a function's fifteen minutes. */
const BOUNDS = { timeoutMs: 240_000, retries: 2 };

/** The language model that a function's environment names. What asking needs is loaded by the first question. */
export function configuredModel(config: ModelConfig, bounds = BOUNDS): LanguageModel {
  const { MODEL_KEY_SECRET: secret, OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = config;
  const settings = { ...bounds, baseUrl };
  if (secret !== undefined) {
    return lazily(async () => {
      const { SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
      const { secretModel } = await import("./secret-model.ts");
      return secretModel(new SecretsManagerClient(), secret, settings);
    });
  }
  if (apiKey === undefined) return absentModel();
  return lazily(async () => (await import("../openai/openai-model.ts")).openaiModel({ ...settings, apiKey }));
}

function lazily(open: () => Promise<Required<LanguageModel>>): Required<LanguageModel> {
  let opened: Promise<Required<LanguageModel>> | undefined;
  const model = () => {
    opened ??= open();
    return opened;
  };
  return {
    complete: async (request) => (await model()).complete(request),
    embed: async (request) => (await model()).embed(request),
  };
}
