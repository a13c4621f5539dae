import { expect, it } from "vitest";
import { ModelError } from "../../lib/adapters/openai/model-error.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { textsOf } from "../support/memory-store.ts";
import { fenced, scriptedModel } from "../support/scripted-model.ts";
import {
  inventiveModel,
  lastWords,
  program,
  run,
  setOf,
  silentModel,
  storeOf,
  task,
} from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

it("asks for each program, keeps the set, and shows it in the outbox", async () => {
  const store = storeOf({ synthesis: { programs: 2 } });
  const model = inventiveModel();
  const { reports } = await run(store, model);
  expect(model.asked.map(({ seed }) => seed)).toEqual([8, 9]);
  const set = await setOf(store);
  expect(set.programs.map(({ id, source, language }) => ({ id, source, language }))).toEqual([
    { id: "general-01", source: `${program("word1")}\n`, language: "javascript" },
    { id: "general-02", source: `${program("word2")}\n`, language: "javascript" },
  ]);
  expect(set.calls.map(({ purpose, usd }) => ({ purpose, usd }))).toEqual([
    { purpose: "program", usd: 0.00045 },
    { purpose: "program", usd: 0.00045 },
  ]);
  expect(reports.at(-1)).toEqual({ stage: "synthesize", calls: 2, replayed: 0, usd: 0.0009, programs: 2 });
  const shown = await textsOf(store, keys.programsOf(task));
  expect(Object.keys(shown)).toEqual([
    "outbox/mail/programs/general-01.js",
    "outbox/mail/programs/general-01.json",
    "outbox/mail/programs/general-02.js",
    "outbox/mail/programs/general-02.json",
    "outbox/mail/programs/registry.json",
  ]);
  expect(JSON.parse(shown["outbox/mail/programs/general-01.json"])).toMatchObject({
    id: "general-01",
    outcome: "joined",
    hash: set.programs[0].hash,
    conversation: [{ reply: { text: fenced(program("word1")) }, usd: 0.00045 }],
  });
});

it("leaves the same objects, asks nothing and starts the data again when delivered twice", async () => {
  const data = {
    [keys.data(task, FileName.parse("a.csv"))]: "",
    [keys.data(task, FileName.parse("b.csv"))]: "",
    [`${keys.dataOf(task)}notes.txt`]: "",
    [`${keys.dataOf(task)}folder/c.csv`]: "",
  };
  const store = storeOf({}, data);
  const first = await run(store);
  const before = await textsOf(store);
  const silent = silentModel();
  const second = await run(store, silent);
  expect(await textsOf(store)).toEqual(before);
  expect(silent.asked).toEqual([]);
  expect(first.messages).toEqual([
    { stage: "fan-out", task: "mail", file: "a.csv" },
    { stage: "fan-out", task: "mail", file: "b.csv" },
  ]);
  expect(second.messages).toEqual(first.messages);
  expect(second.reports).toEqual([{ stage: "synthesize", calls: 0, replayed: 1, usd: 0, programs: 1 }]);
});

it("builds the same set again from recordings when its objects are gone", async () => {
  const store = storeOf();
  await run(store);
  const before = await textsOf(store);
  for (const key of Object.keys(before)) if (/programs|sets/.test(key)) await store.delete(key);
  const { reports } = await run(store, silentModel());
  expect(await textsOf(store)).toEqual(before);
  expect(reports.at(-1)).toEqual({ stage: "synthesize", calls: 0, replayed: 1, usd: 0, programs: 1 });
});

it("keeps what was paid when the cap stops it, and goes on from there", async () => {
  const request = { synthesis: { programs: 4 } };
  const model = inventiveModel();
  const store = storeOf({ ...request, budget: { usd: 0.006 } });
  await expect(run(store, model)).rejects.toMatchObject({ code: "budget-exceeded" });
  const paid = model.asked.length;
  expect(Object.keys(await textsOf(store, keys.repliesOf(task)))).toHaveLength(paid);
  expect(paid).toBeGreaterThan(0);
  expect(paid).toBeLessThan(4);

  await store.put(keys.taskFile(task, "task.json"), taskText({ ...request, budget: { usd: 1 } }));
  const { reports } = await run(store, model);
  expect(model.asked).toHaveLength(4);
  expect(reports.at(-1)).toMatchObject({ calls: 4 - paid, replayed: paid, programs: 4 });
});

it("asks nothing at a budget of $0.001 that no call fits into", async () => {
  const model = inventiveModel();
  await expect(run(storeOf({ budget: { usd: 0.001 } }), model)).rejects.toMatchObject({
    code: "budget-exceeded",
    spentUsd: 0,
    capUsd: 0.001,
  });
  expect(model.asked).toEqual([]);
});

it("spends a budget of $0.001 to the last call that fits, and the next run uses what was paid", async () => {
  const request = { synthesis: { programs: 10 } };
  // A call costs at most some $0.00018, and here $0.00015.
  const prices = { ...listPrices, models: { "gpt-4o-mini": { input: 0.05, output: 0.01 } } };
  const model = scriptedModel((_request, call) => ({
    text: fenced(program(`word${call}`)),
    usage: { inputTokens: 2_000, outputTokens: 5_000, estimated: false },
  }));
  const store = storeOf({ ...request, budget: { usd: 0.001 } });
  await expect(run(store, model, { prices })).rejects.toMatchObject({ code: "budget-exceeded" });
  const paid = Object.values(await textsOf(store, keys.repliesOf(task)));
  const usd = paid.reduce((sum, text) => sum + JSON.parse(text).usd, 0);
  expect(paid).toHaveLength(6);
  expect(usd).toBeCloseTo(0.0009, 9);
  expect(model.asked).toHaveLength(6);

  await store.put(keys.taskFile(task, "task.json"), taskText({ ...request, budget: { usd: 1 } }));
  const { reports } = await run(store, model, { prices });
  expect(reports.at(-1)).toMatchObject({ calls: 4, replayed: 6, programs: 10 });
});

it("pays only for the programs that are new when more are asked for", async () => {
  const store = storeOf({ synthesis: { programs: 2 } });
  const model = inventiveModel();
  await run(store, model);
  const former = await setOf(store);
  await store.put(keys.taskFile(task, "task.json"), taskText({ synthesis: { programs: 3 } }));
  await run(store, model);
  expect(model.asked).toHaveLength(3);
  expect(JSON.parse((await textsOf(store))[keys.currentSet(task)])).toMatchObject({ previous: former.hash });
});

it("takes away what a former set left in the outbox", async () => {
  const store = storeOf({ synthesis: { programs: 2 } });
  await run(store, inventiveModel());
  await store.put(keys.taskFile(task, "task.json"), taskText({ synthesis: { programs: 1 } }));
  await run(store);
  expect(Object.keys(await textsOf(store, keys.programsOf(task)))).toEqual([
    "outbox/mail/programs/general-01.js",
    "outbox/mail/programs/general-01.json",
    "outbox/mail/programs/registry.json",
  ]);
});

it("first asks for a strategy's knowledge, once, and gives it to all its programs", async () => {
  const store = storeOf({ synthesis: { programs: 3, strategies: ["keywords", "general"] } });
  const model = scriptedModel((request, call) =>
    lastWords(request).includes("# What to write") ? "spam: winner" : fenced(program(`word${call}`)),
  );
  await run(store, model);
  expect(model.asked.map((request) => lastWords(request).includes("\nspam: winner\n"))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  const { programs, calls } = await setOf(store);
  expect(programs.map(({ id }) => id)).toEqual(["keywords-01", "keywords-02", "general-01"]);
  expect(calls.map(({ purpose }) => purpose)).toEqual(["knowledge", "program", "program", "program"]);
  expect(programs.map(({ origin }) => origin.kind === "model" && origin.replies.length)).toEqual([2, 2, 1]);
});

it("keeps the replies that came before the endpoint failed, and no set", async () => {
  const store = storeOf({ synthesis: { programs: 2 } });
  const refused = new ModelError("unauthorized", "The key is refused.");
  const model = scriptedModel((_request, call) => (call === 2 ? refused : fenced(program("free"))));
  await expect(run(store, model)).rejects.toBe(refused);
  expect(Object.keys(await textsOf(store, "work/"))).toEqual([
    expect.stringMatching(/^work\/mail\/replies\//),
    keys.ledger(task, "replies"),
  ]);
});
