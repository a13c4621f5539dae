import { expect, it } from "vitest";
import { absentModel } from "../../../lib/adapters/openai/absent-model.ts";
import { type OpenaiModelSettings, openaiModel } from "../../../lib/adapters/openai/openai-model.ts";
import type { ModelRequest } from "../../../lib/ports.ts";
import { type ChatAnswer, chatServer, completion } from "../../support/chat-server.ts";

const KEY = "sk-secret-123";

const request: ModelRequest = {
  model: "gpt-4o-mini",
  messages: [{ role: "user", content: "Write a program." }],
  temperature: 0.7,
  seed: 7,
  maxTokens: 100,
};

/** Asks a server that plays `answers`; gives what came back and what was asked. */
async function asked(answers: ChatAnswer[], settings: Partial<OpenaiModelSettings> = {}) {
  await using server = await chatServer(...answers);
  const model = openaiModel({
    baseUrl: server.baseUrl,
    apiKey: KEY,
    timeoutMs: 5_000,
    retries: 0,
    ...settings,
  });
  const outcome = await model.complete(request).then(
    (reply) => ({ reply, error: undefined }),
    (error) => ({ reply: undefined, error }),
  );
  return { ...outcome, requests: server.requests, baseUrl: server.baseUrl };
}

const failure = (
  status: number,
  error: Record<string, unknown>,
  headers?: Record<string, string>,
): ChatAnswer => ({
  status,
  headers,
  body: { error },
});

it("asks the endpoint for one reply and counts its tokens", async () => {
  const { reply, requests } = await asked([completion({ content: "Here." })]);
  expect(reply).toEqual({
    text: "Here.",
    model: "gpt-4o-mini-2024-07-18",
    finishReason: "stop",
    usage: { inputTokens: 11, outputTokens: 7, estimated: false },
  });
  expect(requests.map(({ url, headers, body }) => ({ url, key: headers.authorization, body }))).toEqual([
    {
      url: "/v1/chat/completions",
      key: `Bearer ${KEY}`,
      body: {
        model: "gpt-4o-mini",
        messages: request.messages,
        temperature: 0.7,
        seed: 7,
        max_completion_tokens: 100,
      },
    },
  ]);
});

it.each([
  {
    name: "estimates tokens as characters / 4 where the endpoint reports none",
    answer: completion({ content: "four + 1." }, { usage: undefined }),
    expected: { usage: { inputTokens: 4, outputTokens: 3, estimated: true } },
  },
  {
    name: "takes an endpoint's word that its tokens are estimated",
    answer: completion({ content: "Here." }, { system_fingerprint: "estimated-usage" }),
    expected: { usage: { inputTokens: 11, outputTokens: 7, estimated: true } },
  },
  {
    name: "hands on a refusal, which is paid for like any reply",
    answer: completion({ content: null, refusal: "I cannot help." }),
    expected: { text: "I cannot help.", finishReason: "refusal" },
  },
  {
    name: "hands on an empty reply",
    answer: completion({ content: "" }),
    expected: { text: "", finishReason: "stop" },
  },
  {
    name: "says that a content filter cut the reply",
    answer: completion(
      {},
      {
        choices: [
          { index: 0, message: { role: "assistant", content: null }, finish_reason: "content_filter" },
        ],
      },
    ),
    expected: { text: "", finishReason: "content_filter" },
  },
])("$name", async ({ answer, expected }) => {
  expect((await asked([answer])).reply).toMatchObject(expected);
});

it.each([
  {
    name: "renames the bound on the reply for an endpoint of the older kind",
    errors: [failure(400, { message: "Unrecognized request argument supplied: max_completion_tokens" })],
    body: { temperature: 0.7, seed: 7, max_tokens: 100 },
  },
  {
    name: "drops the temperature where a model has its own",
    errors: [
      failure(400, {
        message: "Unsupported value: 'temperature' does not support 0.7",
        param: "temperature",
      }),
    ],
    body: { seed: 7, max_completion_tokens: 100 },
  },
  {
    name: "drops one parameter after the other",
    errors: [
      failure(422, { message: "extra fields not permitted: seed" }),
      failure(422, { message: "extra fields not permitted: max_completion_tokens" }),
    ],
    body: { temperature: 0.7, max_tokens: 100 },
  },
])("$name", async ({ errors, body }) => {
  const { reply, requests } = await asked([...errors, completion({ content: "Here." })]);
  expect(reply?.text).toBe("Here.");
  expect(requests.at(-1)?.body).toEqual({ model: "gpt-4o-mini", messages: request.messages, ...body });
  expect(requests).toHaveLength(errors.length + 1);
});

it.each([408, 409, 429, 500, 503])("asks again after a %d, when the endpoint says", async (status) => {
  const busy = failure(status, { message: "busy" }, { "retry-after-ms": "1" });
  const { reply, requests } = await asked([busy, busy, completion({ content: "Here." })], { retries: 2 });
  expect(reply?.text).toBe("Here.");
  expect(requests).toHaveLength(3);
});

it("asks again after a broken connection", async () => {
  const { reply, requests } = await asked(["hang up", completion({ content: "Here." })], { retries: 1 });
  expect(reply?.text).toBe("Here.");
  expect(requests).toHaveLength(2);
});

it.each([
  {
    kind: "unauthorized",
    answer: failure(401, { message: `Incorrect API key provided: ${KEY}.`, code: "invalid_api_key" }),
    message: "gpt-4o-mini at BASE refused the key (401). Check OPENAI_API_KEY and its rights.",
  },
  {
    kind: "unknown-model",
    answer: failure(404, { message: "The model `gpt-4o-mini` does not exist", code: "model_not_found" }),
    message:
      "There is no gpt-4o-mini at BASE. Check synthesis.model, or OPENAI_BASE_URL: it usually ends in /v1.",
  },
  {
    kind: "out-of-credit",
    answer: failure(429, { message: "You exceeded your current quota", code: "insufficient_quota" }),
    message: "The account behind gpt-4o-mini at BASE has no credit left. Top it up, then run again.",
  },
  {
    kind: "rate-limited",
    answer: failure(429, { message: "Slow down" }),
    message: "gpt-4o-mini at BASE limits the rate (429). Wait a minute and run again to go on from here.",
  },
  {
    kind: "unavailable",
    answer: failure(503, { message: "overloaded" }),
    message: "gpt-4o-mini at BASE fails (503 overloaded). Run again later to go on from here.",
  },
  {
    kind: "refused",
    answer: failure(400, { message: "The prompt was filtered", code: "content_filter" }),
    message:
      "gpt-4o-mini at BASE refuses the prompt: 400 The prompt was filtered. Reword the task's description, or take another model.",
  },
  {
    kind: "bad-request",
    answer: failure(400, { message: `No way, ${KEY}.` }),
    message: "gpt-4o-mini at BASE does not accept the request: 400 No way, (key).",
  },
  {
    kind: "timeout",
    answer: "say nothing" as const,
    message: "gpt-4o-mini at BASE did not answer within 0.2 s. Run again to go on from here.",
  },
  {
    kind: "timeout",
    answer: "stall" as const,
    message: "gpt-4o-mini at BASE did not answer within 0.2 s. Run again to go on from here.",
  },
  {
    kind: "unreachable",
    answer: "hang up" as const,
    message: "gpt-4o-mini at BASE cannot be reached. Check OPENAI_BASE_URL and the network.",
  },
  {
    kind: "empty",
    answer: { body: "<html>Welcome</html>" },
    message: "gpt-4o-mini at BASE: the answer has no message. Is it a chat endpoint?",
  },
  {
    kind: "empty",
    answer: completion({}, { choices: [] }),
    message: "gpt-4o-mini at BASE: the answer has no message. Is it a chat endpoint?",
  },
])("fails as $kind: $message", async ({ kind, answer, message }) => {
  const { error, baseUrl } = await asked([answer], { timeoutMs: kind === "timeout" ? 200 : 30_000 });
  expect({ code: error.code, kind: error.kind, message: error.message }).toEqual({
    code: "model",
    kind,
    message: message.replace("BASE", baseUrl),
  });
});

it("does without a model, and says how to have one", async () => {
  await expect(absentModel().complete(request)).rejects.toMatchObject({
    code: "no-recording",
    message:
      "There is no recording of this request to gpt-4o-mini, and this run asks no model. " +
      "Set OPENAI_API_KEY (and OPENAI_BASE_URL for another endpoint) and run with --llm live. " +
      "To label with the programs in programs/ alone, write synthesis: { programs: 0 }.",
  });
});
