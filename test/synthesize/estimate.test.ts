import { expect, it } from "vitest";
import type { Hash } from "../../lib/contracts/names.ts";
import type { RecordedReply } from "../../lib/contracts/objects.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { requestHash } from "../../lib/synthesize/ask.ts";
import { estimate } from "../../lib/synthesize/estimate.ts";
import { plannedPrograms } from "../../lib/synthesize/planned-programs.ts";
import { programRequest } from "../../lib/synthesize/prompts.ts";
import { taskOf } from "../support/tasks.ts";

const data = { rows: 10_000, characters: 4_000_000 };
const nothing: ReadonlyMap<Hash, RecordedReply> = new Map();

const recorded = (task: ReturnType<typeof taskOf>): Map<Hash, RecordedReply> =>
  new Map(
    plannedPrograms(task.synthesis).map((program) => {
      const request = programRequest(task, [], program, "");
      const usage = { inputTokens: 1, outputTokens: 1, estimated: false };
      const reply = { text: "", model: request.model, finishReason: "stop", usage };
      return [requestHash(request), { request, reply, usd: 0.001, recorded: "2026-01-31" }];
    }),
  );

it("foresees calls, tokens and dollars, the low below the high and both below the cap", () => {
  const task = taskOf({ synthesis: { strategies: ["general", "rules"] } });
  const { calls, inputTokens, outputTokens, usd, seconds, capUsd } = estimate(task, data, {
    prices: listPrices,
    columns: [],
    recordings: nothing,
  });
  expect(calls).toEqual({ low: 11, high: 16 });
  expect(outputTokens).toEqual({ low: 7_700, high: 96_000 });
  expect(inputTokens.low).toBeLessThan(inputTokens.high);
  expect(usd?.low).toBeLessThan(usd?.high ?? 0);
  expect(usd?.high).toBeLessThan(capUsd);
  expect(seconds).toEqual({ low: 15, high: 160 });
});

it("foresees nothing to pay where everything is recorded", () => {
  const task = taskOf();
  expect(estimate(task, data, { prices: listPrices, columns: [], recordings: recorded(task) })).toMatchObject(
    {
      calls: { low: 0, high: 0 },
      inputTokens: { low: 0, high: 0 },
      usd: { low: 0, high: 0 },
      seconds: { low: 0, high: 0 },
      recorded: { calls: 10, usd: expect.closeTo(0.01) },
    },
  );
});

it("sets direct labeling beside it, at the task's model and at the cheapest, with the break-even", () => {
  const task = taskOf();
  const { direct } = estimate(task, data, { prices: listPrices, columns: [], recordings: recorded(task) });
  // 1,000,000 tokens of rows and 33 a row before them; two tokens a row out.
  const tokens = { overheadTokens: 33, inputTokens: 1_330_000, outputTokens: 20_000 };
  expect(direct).toEqual([
    { model: "gpt-4o-mini", ...tokens, usd: 0.2115, breakEvenRows: 473 },
    { model: "gpt-5-nano", ...tokens, usd: expect.closeTo(0.0745, 6), breakEvenRows: 1_343 },
  ]);
});

it("says that dollars are unknown where the model's price is", () => {
  const task = taskOf({ synthesis: { model: "my-llama" } });
  const { usd, direct } = estimate(task, data, { prices: listPrices, columns: [], recordings: nothing });
  expect(usd).toBeNull();
  expect(direct.map(({ model, breakEvenRows }) => ({ model, breakEvenRows }))).toEqual([
    { model: "gpt-5-nano", breakEvenRows: null },
  ]);
});
