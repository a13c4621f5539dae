import { expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import type { RecordedReply } from "../../lib/contracts/objects.ts";
import type { ModelRequest, ObjectStore } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { asker, requestHash } from "../../lib/synthesize/ask.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { scriptedModel } from "../support/scripted-model.ts";
import { taskOf } from "../support/tasks.ts";

const requestWith = (content: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
  model: "gpt-4o-mini",
  messages: [{ role: "user", content }],
  temperature: 0.7,
  seed: 7,
  maxTokens: 1_000,
  ...more,
});

const request = requestWith("Write a program.");
const now = () => new Date("2026-01-31T12:00:00Z");

const recording: RecordedReply = {
  request,
  reply: {
    text: "Here.",
    model: "gpt-4o-mini",
    finishReason: "stop",
    usage: { inputTokens: 1_000, outputTokens: 500, estimated: false },
  },
  usd: 0.00045,
  recorded: "2026-01-31T12:00:00.000Z",
  note: "by hand",
};

const askerOf = (
  store: ObjectStore,
  {
    usd = 1,
    model = scriptedModel(() => "Here."),
    note,
  }: { usd?: number; model?: ReturnType<typeof scriptedModel>; note?: string } = {},
) => ({
  ask: asker({ task: taskOf({ budget: { usd } }), prices: listPrices, note }, { store, model, now }),
  model,
});

const task = taskOf().name;

it("names a recording by the request's fields, whatever their order", () => {
  const { maxTokens, seed, temperature, messages, model } = request;
  const turned = {
    maxTokens,
    seed,
    temperature,
    messages: messages.map(({ role, content }) => ({ content, role })),
    model,
  };
  expect(requestHash(request)).toBe("6072653b924331a52c53cda10993869f");
  expect(requestHash(turned)).toBe(requestHash(request));
  expect(requestHash({ ...request, seed: 8 })).not.toBe(requestHash(request));
});

it("records a reply before it is used, with its price and its day", async () => {
  const store = memoryStore();
  const { ask } = askerOf(store, { note: "by hand" });
  const answer = await ask("program", request);
  expect(answer).toEqual({
    recording,
    replayed: false,
    call: {
      purpose: "program",
      model: "gpt-4o-mini",
      request: requestHash(request),
      inputTokens: 1_000,
      outputTokens: 500,
      estimated: false,
      usd: 0.00045,
      recorded: "2026-01-31T12:00:00.000Z",
      note: "by hand",
    },
  });
  const texts = await textsOf(store);
  expect(Object.keys(texts)).toEqual([keys.reply(task, requestHash(request))]);
  expect(JSON.parse(texts[keys.reply(task, requestHash(request))])).toEqual(recording);
});

it.each([
  { from: "an earlier run", key: keys.reply(task, requestHash(request)) },
  { from: "the task's own folder", key: keys.shippedReply(task, requestHash(request)) },
])("replays a recording of $from without a call, even at a cap of nothing", async ({ key }) => {
  const { ask, model } = askerOf(memoryStore({ [key]: JSON.stringify(recording) }), { usd: 0 });
  expect(await ask("program", request)).toMatchObject({ recording, replayed: true });
  expect(model.asked).toEqual([]);
});

it("stops before the call that could pass the cap, counting what earlier runs paid", async () => {
  const paid = { ...recording, usd: 0.0195 };
  const store = memoryStore({ [keys.reply(task, requestHash(requestWith("before")))]: JSON.stringify(paid) });
  const { ask, model } = askerOf(store, { usd: 0.02 });
  await expect(ask("program", request)).rejects.toMatchObject({
    code: "budget-exceeded",
    spentUsd: 0.0195,
    capUsd: 0.02,
    message:
      "Spent $0.0195 of the cap of $0.0200 (budget.usd), and the next call to gpt-4o-mini could cost $0.000601. " +
      "Everything paid for is kept and is not paid again. " +
      "To go on, raise budget.usd or ask for less (synthesis.programs, verify.rows).",
  });
  expect(model.asked).toEqual([]);
});

it("waits for calls under way before it says that the cap is reached", async () => {
  // One call could cost $0.0006 and costs $0.00045: two fit only one after the other, three not at all.
  const { ask, model } = askerOf(memoryStore(), { usd: 0.0011 });
  const outcomes = await Promise.allSettled(["a", "b", "c"].map((text) => ask("program", requestWith(text))));
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
  expect(model.asked).toHaveLength(2);
});

it("lets no call through at a cap of nothing, however cheap the model", async () => {
  const { model } = askerOf(memoryStore());
  const prices = { ...listPrices, models: { "gpt-4o-mini": { input: 0, output: 0 } } };
  const ask = asker({ task: taskOf({ budget: { usd: 0 } }), prices }, { store: memoryStore(), model, now });
  await expect(ask("program", request)).rejects.toMatchObject({ code: "budget-exceeded" });
});

it("asks for the price of a model that has none, before anything is spent", async () => {
  const { ask, model } = askerOf(memoryStore());
  await expect(ask("program", requestWith("a", { model: "my-llama" }))).rejects.toMatchObject({
    code: "price-unknown",
    message:
      `The price of my-llama is not among the list prices of ${listPrices.asOf}, so nothing was asked. ` +
      "State it in dollars per million tokens: --price in=0.15,out=0.60 (in=0,out=0 for a model of your own), or in a list of yours where it is not synthesis.model: --prices FILE.",
  });
  expect(model.asked).toEqual([]);
});

it("keeps the cap after a call that failed", async () => {
  const model = scriptedModel((_request, call) => (call === 1 ? new Error("offline") : "Here."));
  const { ask } = askerOf(memoryStore(), { usd: 0.0007, model });
  await expect(ask("program", request)).rejects.toThrow("offline");
  expect(await ask("program", request)).toMatchObject({ replayed: false });
});
