import { expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { Receipt } from "../../lib/contracts/receipt.ts";
import { sampleRows } from "../../lib/fan-out/sample-rows.ts";
import { drive } from "../../lib/local/drive.ts";
import { advance } from "../../lib/pipeline.ts";
import type { ModelRequest, ObjectStore, Progress } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { textsOf } from "../support/memory-store.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { asksForLabels, fenced, labelsOf, scriptedModel } from "../support/scripted-model.ts";
import { lastWords, program, run, setOf, silentModel, storeOf, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

const file = FileName.parse("mails.jsonl");
const truth = (text: string) => (text.includes("free") ? "spam" : "ham");
const request = { synthesis: { programs: 12, strategies: "auto" }, verify: { rows: 60 } };

const data = (rows = 90) => ({
  [keys.data(task, file)]: Array.from(
    { length: rows },
    (_, row) => `${JSON.stringify({ text: `${["free", "hello", "dear"][row % 3]} ${row * 7919}` })}\n`,
  ).join(""),
});

/** Sound to look at, and on real rows no better than a coin: it votes by a hash of the text. */
const BY_HASH = `function label(row) {
  let hash = 7;
  for (let at = 0; at < row.text.length; at++) hash = (hash * 31 + row.text.charCodeAt(at)) % 65521;
  return row.text.length < 3 ? null : hash % 2 ? "spam" : "ham";
}`;
/** Right wherever it votes; each version knows a word of its own besides. */
const right = (version: number) =>
  `function label(row) {
  return /free|promo${version}x/.test(row.text) ? "spam" : /hello|dear/.test(row.text) ? "ham" : null;
}`;

const strategyOf = (asked: ModelRequest) => /This is (\w+)-\d+/.exec(lastWords(asked))?.[1];

/** Writes good programs for `keywords`, by hash for `general`, and hardly ever voting ones for the others. */
const model = () =>
  scriptedModel((asked, call) => {
    if (asksForLabels(asked)) return labelsOf(asked, truth);
    const strategy = strategyOf(asked);
    if (strategy === undefined) return "Notes.";
    if (strategy === "keywords") return fenced(right(call));
    return fenced(strategy === "general" ? BY_HASH.replace("7;", `${call};`) : program(`rare${call}`));
  });

const synthesizeWith = (store: ObjectStore, asked = model()) =>
  run(store, asked, { sampleOf: (of, wanted) => sampleRows(of, wanted, store) });

it("tries each strategy, and spends the rest on what agrees with rows that the model labeled", async () => {
  const store = storeOf(request, data());
  await synthesizeWith(store);
  const { programs, choice, calls } = await setOf(store);
  expect(choice).toMatchObject({
    sample: { file: "mails.jsonl", model: "gpt-4o-mini", rows: 60, labeled: 60, calls: 6 },
    given: { general: 0, description: 0, exemplars: 0, keywords: 7, rules: 0 },
    reason: "keywords did best, by more than the sample's error.",
  });
  expect(choice?.scores.find(({ strategy }) => strategy === "keywords")).toMatchObject({
    programs: 1,
    votes: 60,
    agreeing: 60,
    errors: 0,
  });
  expect(programs.filter(({ id }) => id.startsWith("keywords"))).toHaveLength(8);
  // The sample's calls judge the programs later, and count there.
  expect(calls.filter(({ purpose }) => purpose === "verify")).toEqual([]);
});

it("keeps out a program that only does well on probes: one that votes by a hash of the row", async () => {
  const store = storeOf(request, data());
  await synthesizeWith(store);
  const { programs, rejected, choice } = await setOf(store);
  const [first] = rejected.filter(({ id }) => id.startsWith("general"));
  expect(first).toMatchObject({
    id: "general-01",
    reason: expect.stringMatching(
      /^on 60 labeled rows of the data \d+ of its votes are right, and [\d.]+ would be if they were given by lot$/,
    ),
  });
  expect(choice?.rejected["general-01"]).toBe(first.reason);
  expect(programs.some(({ id }) => id === "general-01")).toBe(false);
});

it("keeps its choice when a program of the user's comes, whatever the data is by then, and asks nothing", async () => {
  const store = storeOf(request, data());
  await synthesizeWith(store);
  const before = await setOf(store);
  await store.put(`${keys.ownProgramsOf(task)}mine.js`, program("offer"));
  for (const [key, text] of Object.entries(data(40))) await store.put(key, text);
  await synthesizeWith(store, silentModel());
  const after = await setOf(store);
  expect(after.choice).toEqual(before.choice);
  expect(after.programs.map(({ id }) => id)).toEqual([...before.programs.map(({ id }) => id), "mine"]);
});

it("gives the same set in every byte from the same recordings and data", async () => {
  const store = storeOf(request, data());
  await synthesizeWith(store);
  const replies = await textsOf(store, keys.repliesOf(task));
  const fresh = storeOf(request, { ...data(), ...replies });
  await synthesizeWith(fresh, silentModel());
  expect(await textsOf(fresh, "outbox/")).toEqual(await textsOf(store, "outbox/"));
  expect(await setOf(fresh)).toEqual(await setOf(store));
});

it.each([
  {
    name: "there is no data",
    objects: {},
    more: {},
    reason: "There was no table in data/ to draw rows from",
  },
  {
    name: "no row is to be labeled",
    objects: data(),
    more: { verify: { rows: 0 } },
    reason: "verify.rows is 0, so no row is labeled to compare strategies on.",
  },
  {
    name: "there are few rows",
    objects: data(12),
    more: {},
    reason: "gpt-4o-mini gave only 12 rows of the data a class: too few to compare strategies on.",
  },
  {
    name: "there are too few programs to choose",
    objects: data(),
    more: { synthesis: { programs: 5, strategies: "auto" } },
    reason: "synthesis.programs is 5: too few to try strategies and to choose afterwards.",
  },
])("asks all strategies in turn, and says why, where $name", async ({ objects, more, reason }) => {
  const store = storeOf({ ...request, ...more }, objects);
  const varied = scriptedModel((asked, call) => {
    if (asksForLabels(asked)) return labelsOf(asked, truth);
    return strategyOf(asked) === undefined ? "Notes." : fenced(program(`rare${call}`));
  });
  await synthesizeWith(store, varied);
  const { programs, choice } = await setOf(store);
  expect(choice?.reason).toContain(reason);
  const counts = Map.groupBy(programs, ({ origin }) => origin.kind === "model" && origin.strategy);
  const expected = programs.length === 5 ? [1, 1, 1, 1, 1] : [3, 3, 2, 2, 2];
  expect([...counts.values()].map(({ length }) => length)).toEqual(expected);
});

it("compares strategies after all when data has come", async () => {
  const store = storeOf(request);
  await synthesizeWith(store);
  for (const [key, text] of Object.entries(data())) await store.put(key, text);
  await synthesizeWith(store);
  expect((await setOf(store)).choice?.given).toMatchObject({ keywords: 7 });
});

it("fails where the sample cannot be paid for, and keeps what was paid", async () => {
  const dear = { ...request, verify: { rows: 60, model: "gpt-4o" } };
  const store = storeOf({ ...dear, budget: { usd: 0.03 } }, data());
  const asked = model();
  await expect(synthesizeWith(store, asked)).rejects.toMatchObject({ code: "budget-exceeded" });
  const paid = asked.asked.length;
  await store.put(keys.taskFile(task, "task.json"), taskText({ ...dear, budget: { usd: 1 } }));
  await synthesizeWith(store, asked);
  const distinct = new Set(asked.asked.map((one) => JSON.stringify(one)));
  expect(paid).toBe(9);
  expect(distinct.size).toBe(asked.asked.length);
});

it("asks verify's own requests: a whole run pays for the sample once, and the card says what was tried", async () => {
  const store = storeOf(request, data());
  const reports: Progress[] = [];
  const asked = model();
  const ports = {
    store,
    model: asked,
    runner: plainRunner(),
    report: (progress: Progress) => reports.push(progress),
    now: () => new Date("2026-01-31T12:00:00Z"),
  };
  const settings = {
    prices: listPrices,
    sampleOf: (of: Parameters<typeof sampleRows>[0], wanted: Parameters<typeof sampleRows>[1]) =>
      sampleRows(of, wanted, store),
  };
  const failures = await drive(
    [{ stage: "synthesize", task }],
    (message) => advance(message, ports, settings),
    1,
  );
  expect(failures).toEqual([]);
  expect(asked.asked.filter(asksForLabels)).toHaveLength(6);
  const verified = reports.filter(({ stage }) => stage === "verify");
  expect(verified).toHaveLength(6);
  expect(verified.every((one) => "replayed" in one && one.replayed === 1)).toBe(true);
  const texts = await textsOf(store);
  const receipt = Receipt.parse(JSON.parse(texts[keys.receipt(task, FileName.parse("mails"))]));
  expect(receipt.strategies).toEqual((await setOf(store)).choice);
  const card = texts[keys.card(task, FileName.parse("mails"))];
  expect(card).toContain(
    "## Strategies\n\nkeywords did best, by more than the sample's error. Programs asked for after the trial: keywords 7.",
  );
  expect(card).toContain("| keywords | 1 | 60 | 60 |");
  expect(card).toContain("- general-01 did not join: on 60 labeled rows");
});

it("cannot judge strategies by pictures, and says so", async () => {
  const images = { modality: "image", features: { model: "tiny" }, ...request, verify: { rows: 0 } };
  await expect(synthesizeWith(storeOf(images))).rejects.toThrow(
    "the model is not shown pictures, so it cannot judge strategies by them. Name strategies in a list.",
  );
});
