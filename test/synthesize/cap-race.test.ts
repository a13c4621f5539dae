import fc from "fast-check";
import { expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import type { LanguageModel, ModelRequest, ObjectStore } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { asker, requestHash } from "../../lib/synthesize/ask.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { scriptedModel } from "../support/scripted-model.ts";
import { taskOf } from "../support/tasks.ts";

const task = taskOf().name;
const requestWith = (content: string): ModelRequest => ({
  model: "gpt-4o-mini",
  messages: [{ role: "user", content }],
  temperature: 0.7,
  seed: 7,
  maxTokens: 1_000,
});
/** A call could cost this, and costs the second. */
const WORST = 0.0006003;
const COSTS = 0.00045;

/** A stage of its own: it shares with others what lies in the store, and nothing else. */
const stageAsking = (
  store: ObjectStore,
  usd: number,
  model: LanguageModel,
  now = () => new Date("2026-01-31T12:00:00Z"),
) => asker({ task: taskOf({ budget: { usd } }), prices: listPrices }, { store, model, now });

const spentIn = async (store: ObjectStore) =>
  Object.values(await textsOf(store, keys.repliesOf(task))).reduce(
    (sum, text) => sum + JSON.parse(text).usd,
    0,
  );

it("never passes the cap with two stages that ask at once, whatever comes first", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      async (scheduler, calls, ones, others) => {
        const cap = calls * 0.0003;
        const kept = memoryStore();
        const store: ObjectStore = {
          ...kept,
          head: scheduler.scheduleFunction(kept.head),
          find: scheduler.scheduleFunction(kept.find),
          create: scheduler.scheduleFunction(kept.create),
          put: scheduler.scheduleFunction(kept.put),
        };
        let underWay = 0;
        let spent = 0;
        let most = 0;
        const answer = scheduler.scheduleFunction(async () => undefined);
        const model: LanguageModel = {
          complete: async (request) => {
            underWay += 1;
            most = Math.max(most, spent + underWay * WORST);
            await answer();
            underWay -= 1;
            spent += COSTS;
            return {
              text: "",
              model: request.model,
              finishReason: "stop",
              usage: { inputTokens: 1_000, outputTokens: 500, estimated: false },
            };
          },
        };
        const [one, other] = [stageAsking(store, cap, model), stageAsking(store, cap, model)];
        const asked = Promise.allSettled([
          ...Array.from({ length: ones }, (_, index) => one("program", requestWith(`one ${index}`))),
          ...Array.from({ length: others }, (_, index) => other("verify", requestWith(`other ${index}`))),
        ]);
        await scheduler.waitFor(asked);
        expect(most).toBeLessThanOrEqual(cap + 1e-12);
        const codes = (await asked).flatMap((outcome) =>
          outcome.status === "rejected" ? [outcome.reason.code] : [],
        );
        expect(codes.filter((code) => !["budget-exceeded", "budget-held"].includes(code))).toEqual([]);
        // A refusal is for good only where the money is really gone.
        if (codes.includes("budget-exceeded")) expect(spent + WORST).toBeGreaterThan(cap);
        expect(await spentIn(kept)).toBeCloseTo(spent, 9);
        const ledger = JSON.parse((await textsOf(kept))[keys.ledger(task, "replies")] ?? '{"underWay":[]}');
        expect(ledger.underWay).toEqual([]);
        if (ledger.usd !== undefined) expect(ledger.usd).toBeCloseTo(spent, 9);
      },
    ),
    { numRuns: 150 },
  );
});

/** What a stage leaves that dies in the middle of a call, with its reply recorded or not. */
const brokenOff = (request: ModelRequest, until: string) => ({
  [keys.ledger(task, "replies")]: JSON.stringify({
    usd: 0.01,
    underWay: [{ id: "lost", request: requestHash(request), worst: WORST, until }],
  }),
});

it("says that money is held, and until when, instead of that it is spent", async () => {
  const store = memoryStore(brokenOff(requestWith("lost"), "2026-01-31T12:10:00.000Z"));
  const model = scriptedModel(() => "Here.");
  await expect(stageAsking(store, 0.011, model)("program", requestWith("next"))).rejects.toMatchObject({
    code: "budget-held",
    message:
      "Calls under way elsewhere, or that were broken off, may cost $0.000600, and with the next call to gpt-4o-mini that " +
      "could pass the cap (budget.usd). Run again when they have ended, at the latest after 2026-01-31T12:10:00.000Z, or raise budget.usd.",
  });
  expect(model.asked).toEqual([]);
});

it.each([
  { name: "counts a broken-off call for nothing where no reply came", recorded: false, usd: 0.01 + COSTS },
  { name: "counts a broken-off call for what its reply cost", recorded: true, usd: 0.01 + 2 * COSTS },
])("$name, when its time is over", async ({ recorded, usd }) => {
  const lost = requestWith("lost");
  const store = memoryStore();
  const model = scriptedModel(() => "Here.");
  const later = () => new Date("2026-01-31T12:11:00Z");
  if (recorded) await stageAsking(store, 1, model)("program", lost);
  for (const [key, text] of Object.entries(brokenOff(lost, "2026-01-31T12:10:00.000Z")))
    await store.put(key, text);
  await stageAsking(store, 0.0111, model, later)("program", requestWith("next"));
  const ledger = JSON.parse((await textsOf(store))[keys.ledger(task, "replies")]);
  expect(ledger.underWay).toEqual([]);
  expect(ledger.usd).toBeCloseTo(usd, 9);
});
