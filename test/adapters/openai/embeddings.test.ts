import { describe, expect, it } from "vitest";
import { absentModel } from "../../../lib/adapters/openai/absent-model.ts";
import { openaiModel } from "../../../lib/adapters/openai/openai-model.ts";
import { type ChatAnswer, chatServer } from "../../support/chat-server.ts";

const KEY = "sk-secret-123";
const request = { model: "text-embedding-3-small", texts: ["spam", "ham"] };

async function asked(answer: ChatAnswer) {
  await using server = await chatServer(answer);
  const model = openaiModel({ baseUrl: server.baseUrl, apiKey: KEY, timeoutMs: 5_000, retries: 0 });
  const outcome = await model.embed(request).catch((error: unknown) => error);
  return { outcome, requests: server.requests };
}

const vectors = (...data: { index: number; embedding: number[] }[]) => ({
  data,
  model: "text-embedding-3-small",
  usage: { prompt_tokens: 4, total_tokens: 4 },
});

describe("embeddings", () => {
  it("are asked for as numbers, and come in the order of the texts", async () => {
    const { outcome, requests } = await asked({
      body: vectors({ index: 1, embedding: [0, 1] }, { index: 0, embedding: [1, 0] }),
    });
    expect(outcome).toEqual({
      vectors: [
        [1, 0],
        [0, 1],
      ],
      model: "text-embedding-3-small",
      usage: { inputTokens: 4, estimated: false },
    });
    expect(requests.map(({ url, body }) => ({ url, body }))).toEqual([
      {
        url: "/v1/embeddings",
        body: { model: request.model, input: request.texts, encoding_format: "float" },
      },
    ]);
  });

  it("have their tokens estimated where the endpoint counts none", async () => {
    const { usage, ...body } = vectors({ index: 0, embedding: [1] }, { index: 1, embedding: [2] });
    expect((await asked({ body })).outcome).toMatchObject({ usage: { inputTokens: 2, estimated: true } });
  });

  it.each([
    ["too few", vectors({ index: 0, embedding: [1] })],
    ["of several sizes", vectors({ index: 0, embedding: [1] }, { index: 1, embedding: [1, 2] })],
    ["none", { object: "list" }],
  ])("are no answer where there are %s", async (_name, body) => {
    expect((await asked({ body })).outcome).toMatchObject({ code: "model", kind: "empty" });
  });

  it("say what went wrong, and never the key", async () => {
    const { outcome } = await asked({ status: 401, body: { error: { message: `Bad key ${KEY}` } } });
    expect(outcome).toMatchObject({ kind: "unauthorized" });
    expect(String(outcome)).not.toContain(KEY);
  });

  it("are not to be had in a run that only replays", async () => {
    await expect(absentModel().embed?.(request)).rejects.toMatchObject({ code: "no-recording" });
  });
});
