import { RefusedError } from "../errors.ts";
import type { Passage } from "../knowledge/passages.ts";
import type { LanguageModel, ModelReply, ModelRequest } from "../ports.ts";

/** An embedding model is named, and whoever answers has none. */
class NoEmbeddingsError extends RefusedError {
  readonly code = "no-embeddings";

  constructor(model: string) {
    super(
      `Nobody here can be asked for embeddings by ${model}. Take synthesis.embeddingModel out to rank by words.`,
    );
  }
}

/** Texts of one request; a document that is edited costs its own requests. */
const MOST_TEXTS = 64;

/**
 * Asks for the embeddings of texts. It is recorded as any request is: a message a text, and no room for words in the reply.
 */
const embeddingRequest = (model: string, texts: readonly string[]): ModelRequest => ({
  model,
  messages: texts.map((content) => ({ role: "user", content })),
  temperature: 0,
  seed: 0,
  maxTokens: 0,
});

/** The requests for queries and passages, each with the passages that it is for. Those of a document are its own. */
export function embeddingRequests(
  model: string,
  queries: readonly string[],
  passages: readonly Passage[],
): { queries: ModelRequest[]; passages: ModelRequest[] } {
  const byDocument = Map.groupBy(passages, ({ document }) => document);
  return {
    queries: chunked(queries).map((texts) => embeddingRequest(model, texts)),
    passages: [...byDocument.values()].flatMap((own) =>
      chunked(own.map(({ text }) => text)).map((texts) => embeddingRequest(model, texts)),
    ),
  };
}

const chunked = (texts: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(texts.length / MOST_TEXTS) }, (_, chunk) =>
    texts.slice(chunk * MOST_TEXTS, (chunk + 1) * MOST_TEXTS),
  );

/** Asks for embeddings, and gives them as a reply: its text is the vectors one after the other, as base64 of 32-bit floats. */
export async function embeddingReply(
  { model, messages }: ModelRequest,
  { embed }: Pick<LanguageModel, "embed">,
): Promise<ModelReply> {
  if (embed === undefined) throw new NoEmbeddingsError(model);
  const { vectors, usage, ...answer } = await embed({ model, texts: messages.map(({ content }) => content) });
  const floats = Float32Array.from(vectors.flat());
  return {
    text: Buffer.from(floats.buffer).toString("base64"),
    model: answer.model,
    finishReason: "stop",
    usage: { ...usage, outputTokens: 0 },
  };
}

/** The vectors of a recorded reply, in the order of its request's texts. */
export function vectorsOf({ request, reply }: { request: ModelRequest; reply: ModelReply }): Float32Array[] {
  const bytes = Buffer.from(reply.text, "base64");
  const floats = new Float32Array(bytes.byteLength / 4);
  Buffer.from(floats.buffer).set(bytes);
  const size = floats.length / request.messages.length;
  return request.messages.map((_, index) => floats.subarray(index * size, (index + 1) * size));
}
