import OpenAI, { APIError } from "openai";
import type {
  ChatCompletion,
  ChatCompletionCreateParamsNonStreaming,
  CreateEmbeddingResponse,
} from "openai/resources";
import type { Embeddings, LanguageModel, ModelReply, ModelRequest } from "../../ports.ts";
import { ModelError } from "./model-error.ts";
import { modelErrorOf } from "./model-error-of.ts";

export interface OpenaiModelSettings {
  /** Any OpenAI-compatible endpoint. */
  baseUrl?: string;
  apiKey: string;
  /** Bound on one attempt. */
  timeoutMs: number;
  /** Attempts after the first, on 408, 409, 429, 5xx and broken connections; Retry-After is honoured. */
  retries: number;
}

/** A language model behind an OpenAI-compatible endpoint. @throws ModelError from what it is asked */
export function openaiModel({
  baseUrl = "https://api.openai.com/v1",
  apiKey,
  timeoutMs,
  retries,
}: OpenaiModelSettings): Required<LanguageModel> {
  const client = new OpenAI({ baseURL: baseUrl, apiKey, timeout: timeoutMs, maxRetries: retries });

  return {
    complete: async (request) => {
      let body = bodyOf(request);
      for (;;) {
        try {
          return replyOf(await client.chat.completions.create(body), request);
        } catch (cause) {
          const simpler = withoutRejected(body, cause);
          if (simpler === undefined)
            throw modelErrorOf(cause, { model: request.model, baseUrl, apiKey, timeoutMs });
          body = simpler;
        }
      }
    },

    embed: async ({ model, texts }) => {
      try {
        // Numbers, not base64: some endpoints send them whatever they are asked for.
        const body = { model, input: [...texts], encoding_format: "float" as const };
        return embeddingsOf(await client.embeddings.create(body), texts);
      } catch (cause) {
        throw modelErrorOf(cause, { model, baseUrl, apiKey, timeoutMs });
      }
    },
  };
}

/** @throws ModelError where the answer has not one vector a text */
function embeddingsOf({ data, model, usage }: CreateEmbeddingResponse, texts: readonly string[]): Embeddings {
  const vectors = data?.toSorted((one, other) => one.index - other.index).map(({ embedding }) => embedding);
  const size = vectors?.[0]?.length ?? 0;
  const isWhole = ({ length }: number[]) => length === size;
  if (size === 0 || vectors.length !== texts.length || !vectors.every(isWhole)) {
    throw new ModelError("empty", "the answer has not one vector a text.");
  }
  return {
    vectors,
    model,
    usage: {
      inputTokens: usage?.prompt_tokens ?? estimatedTokens(texts.join("")),
      estimated: usage === undefined,
    },
  };
}

const bodyOf = ({
  model,
  messages,
  temperature,
  seed,
  maxTokens,
}: ModelRequest): ChatCompletionCreateParamsNonStreaming => ({
  model,
  messages,
  temperature,
  seed,
  max_completion_tokens: maxTokens,
});

/**
 * The request without the parameter that the endpoint rejects by name; undefined where it names none that can go.
 * The bound on the reply is renamed, never dropped: the budget counts on it.
 */
function withoutRejected(
  body: ChatCompletionCreateParamsNonStreaming,
  error: unknown,
): ChatCompletionCreateParamsNonStreaming | undefined {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) return undefined;
  const complaint = `${error.param} ${error.message}`;
  const { max_completion_tokens, temperature, seed, ...rest } = body;
  if (max_completion_tokens && /\bmax_(completion_)?tokens\b/.test(complaint)) {
    return { ...rest, temperature, seed, max_tokens: max_completion_tokens };
  }
  if (temperature !== undefined && /\btemperature\b/.test(complaint)) {
    return { ...rest, seed, max_completion_tokens };
  }
  if (seed !== undefined && /\bseed\b/.test(complaint)) {
    return { ...rest, temperature, max_completion_tokens };
  }
  return undefined;
}

/**
 * What was answered, refusals and empty texts included: they are paid for like any other reply.
 *
 * @throws ModelError where the answer has no choice at all
 */
function replyOf(completion: ChatCompletion, request: ModelRequest): ModelReply {
  const choice = completion?.choices?.[0];
  if (choice?.message === undefined) {
    throw new ModelError("empty", "the answer has no message.");
  }
  const { content, refusal } = choice.message;
  const text = content || refusal || "";
  const { usage } = completion;
  return {
    text,
    model: completion.model ?? request.model,
    finishReason: refusal ? "refusal" : (choice.finish_reason ?? "unknown"),
    usage: usage
      ? {
          inputTokens: usage.prompt_tokens,
          outputTokens: usage.completion_tokens,
          estimated: completion.system_fingerprint === "estimated-usage",
        }
      : {
          inputTokens: estimatedTokens(request.messages.map((message) => message.content).join("")),
          outputTokens: estimatedTokens(text),
          estimated: true,
        },
  };
}

const estimatedTokens = (text: string) => Math.ceil(text.length / 4);
