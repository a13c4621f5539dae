import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { RefusedError } from "../../errors.ts";
import type { LanguageModel } from "../../ports.ts";
import { type OpenaiModelSettings, openaiModel } from "../openai/openai-model.ts";

/** How long a key is used before it is read again, so that one that was rotated comes into use by itself. */
const FRESH_MS = 5 * 60_000;

/** Nobody has stored a key yet. */
class ModelKeyMissingError extends RefusedError {
  readonly code = "model-key-missing";

  constructor(secret: string, options?: ErrorOptions) {
    super(
      `The secret ${secret} holds no key, so the model cannot be asked. Store one with ` +
        `\`aws secretsmanager put-secret-value --secret-id ${secret} --secret-string "$OPENAI_API_KEY"\`, then drop the task file again.`,
      options,
    );
  }
}

/**
 * A language model whose key lies in Secrets Manager, read when the first question is asked.
 *
 * @throws ModelError, or ModelKeyMissingError, from what it is asked
 */
export function secretModel(
  client: SecretsManagerClient,
  secret: string,
  settings: Omit<OpenaiModelSettings, "apiKey">,
  now: () => number = Date.now,
): Required<LanguageModel> {
  let known: { model: Required<LanguageModel>; readAt: number } | undefined;

  const keyOf = async (): Promise<string> => {
    try {
      const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
      const key = SecretString.trim();
      if (key === "") throw new ModelKeyMissingError(secret);
      return key;
    } catch (cause) {
      throw cause instanceof ResourceNotFoundException ? new ModelKeyMissingError(secret, { cause }) : cause;
    }
  };

  const model = async (): Promise<Required<LanguageModel>> => {
    if (known === undefined || now() - known.readAt > FRESH_MS) {
      known = { model: openaiModel({ ...settings, apiKey: await keyOf() }), readAt: now() };
    }
    return known.model;
  };

  return {
    complete: async (request) => (await model()).complete(request),
    embed: async (request) => (await model()).embed(request),
  };
}
