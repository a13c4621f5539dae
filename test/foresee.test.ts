import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Hash } from "../lib/contracts/names.ts";
import { RecordedReply } from "../lib/contracts/objects.ts";
import { parseTaskFile } from "../lib/contracts/task-file.ts";
import { foresee } from "../lib/foresee.ts";
import { listPrices } from "../lib/prices/prices.ts";
import { replyLengths } from "../lib/prices/reply-lengths.ts";
import { requestHash } from "../lib/synthesize/ask.ts";
import { foreseenConcepts } from "../lib/synthesize/foreseen-concepts.ts";
import { plannedPrograms } from "../lib/synthesize/planned-programs.ts";
import { scoresColumns } from "../lib/synthesize/prompt-columns.ts";
import { programRequest } from "../lib/synthesize/prompts.ts";
import { directRequest } from "../lib/verify/direct-prompt.ts";
import { taskOf } from "./support/tasks.ts";

const data = { rows: 10_000, characters: 4_000_000, shownCharacters: 4_000_000 };
const nothing: ReadonlyMap<Hash, RecordedReply> = new Map();
const known = { prices: listPrices, columns: [], recordings: nothing, lengths: replyLengths };

const reply = (outputTokens: number) => ({
  text: "",
  model: "gpt-4o-mini",
  finishReason: "stop",
  usage: { inputTokens: 1, outputTokens, estimated: false },
});

/** Recordings of a task's first programs. */
const recorded = (task: ReturnType<typeof taskOf>, programs = 10, usd: number | null = 0.001) =>
  new Map(
    plannedPrograms(task.synthesis)
      .slice(0, programs)
      .map((program): [Hash, RecordedReply] => {
        const request = programRequest(task, [], program, "");
        return [requestHash(request), { request, reply: reply(1_000), usd, recorded: "2026-01-31" }];
      }),
  );

describe("what a run will cost", () => {
  it("counts knowledge, programs and the repairs that are usual, between a low and a high", () => {
    const task = taskOf({ synthesis: { strategies: ["general", "rules"] } });
    const { synthesis, usd, capUsd } = foresee(task, data, known);
    expect(synthesis.calls).toEqual({ low: 11, mean: 11.7, high: 16 });
    expect(synthesis.outputTokens).toEqual({ low: 26_300, mean: 1_400 + 10.7 * 4_240, high: 88_500 });
    for (const { low, mean, high } of [synthesis.inputTokens, synthesis.usd, synthesis.seconds, usd].map(
      (one) => one ?? { low: 1, mean: 0, high: 0 },
    )) {
      expect(low < mean && mean < high).toBe(true);
    }
    expect(usd?.high).toBeLessThan(capUsd);
  });

  it("goes by the task's own replies where there are some", () => {
    const task = taskOf();
    const { synthesis } = foresee(task, data, { ...known, recordings: recorded(task, 5) });
    // Five programs of 1,000 tokens each, and a third of a repair.
    expect(synthesis.outputTokens.mean).toBe(5_350);
    expect(synthesis.recorded).toEqual({ calls: 5, usd: expect.closeTo(0.005) });
  });

  it("is nothing for programs where all are recorded", () => {
    const task = taskOf({ verify: { rows: 0 } });
    const { usd, synthesis } = foresee(task, data, { ...known, recordings: recorded(task) });
    expect(usd).toEqual({ low: 0, mean: 0, high: 0 });
    expect(synthesis).toMatchObject({ calls: { mean: 0 }, seconds: { high: 0 }, recorded: { calls: 10 } });
  });

  it("counts all strategies where they are yet to be chosen, and those that were where they are", () => {
    const task = taskOf({ synthesis: { strategies: "auto" } });
    const calls = (planned?: ReturnType<typeof plannedPrograms>) =>
      foresee(task, data, { ...known, planned }).synthesis.calls;
    // Ten programs, and what four strategies want to know.
    expect(calls().low).toBe(14);
    expect(calls(plannedPrograms({ programs: 10, strategies: ["rules"] })).low).toBe(11);
  });

  it("counts the sample that chooses strategies where gold judges the programs", () => {
    const input = { label: "gold" };
    const more = { verify: { rows: 400, by: "gold" }, input };
    expect(foresee(taskOf(more), data, known).verify.calls).toBe(0);
    const auto = taskOf({ ...more, synthesis: { strategies: "auto" } });
    expect(foresee(auto, data, known).verify.calls).toBe(Math.ceil(Math.min(200, data.rows) / 10));
  });

  it("includes the sample that judges the programs, and what of it is paid for", () => {
    const task = taskOf();
    const recordings = recorded(task);
    const before = foresee(task, data, { ...known, recordings });
    expect(before.verify).toMatchObject({ rows: 100, calls: 10, recordedCalls: 0 });
    const about = { description: "", meanings: ["", ""], columns: {}, model: "" };
    for (let seed = 0; seed < 4; seed++) {
      const request = directRequest({ classes: ["a", "b"], about }, ["{}"], { model: "gpt-4o-mini", seed });
      recordings.set(requestHash(request), { request, reply: reply(1), usd: 0, recorded: "2026-01-31" });
    }
    const after = foresee(task, data, { ...known, recordings });
    expect(after.verify).toMatchObject({ calls: 6, recordedCalls: 4 });
    expect(after.usd?.mean).toBeCloseTo(0.6 * (before.usd?.mean ?? 0), 10);
  });

  it("includes the residual at its cap, or at what all rows cost where that is less", () => {
    const dear = taskOf({ residual: { usd: 0.01 } });
    expect(foresee(dear, data, known).residual?.usd).toEqual({ low: 0, mean: 0.01, high: 0.01 });
    const cheap = foresee(taskOf({ residual: { usd: 100 } }), data, known).residual;
    expect(cheap?.usd?.high).toBeGreaterThan(0.1);
    expect(cheap?.usd?.high).toBeLessThan(1);
  });

  it("sets no direct labeling beside pictures, which no model is shown", async () => {
    const task = taskOf({ modality: "image", features: { model: "m" } });
    const concepts = await foreseenConcepts(task, nothing);
    const columns = scoresColumns(task, concepts.concepts);
    expect(foresee(task, data, { ...known, concepts, columns }).direct).toEqual([]);
  });

  it("sets direct labeling beside it, at the task's model and at the cheapest, with the break-even", () => {
    const task = taskOf();
    const { direct } = foresee(task, data, { ...known, recordings: recorded(task) });
    // 1,000,000 tokens of rows and 33 a row before them; two tokens a row out. The programs cost 0.01 dollars.
    const tokens = { overheadTokens: 33, inputTokens: 1_330_000, outputTokens: 20_000 };
    expect(direct).toEqual([
      { model: "gpt-4o-mini", ...tokens, usd: 0.2115, breakEvenRows: 473 },
      { model: "gpt-5-nano", ...tokens, usd: expect.closeTo(0.0745, 6), breakEvenRows: 1_343 },
    ]);
  });

  it("is unknown where a price is, and never 0", () => {
    const unlisted = taskOf({ synthesis: { model: "my-llama" } });
    const { usd, synthesis, verify, direct } = foresee(unlisted, data, known);
    expect([usd, synthesis.usd, verify.usd]).toEqual([null, null, null]);
    expect(direct.map(({ breakEvenRows }) => breakEvenRows)).toEqual([null]);
    const task = taskOf();
    expect(
      foresee(task, data, { ...known, recordings: recorded(task, 10, null) }).synthesis.recorded.usd,
    ).toBeNull();
  });
});

describe("the examples", () => {
  const EXAMPLES = join(import.meta.dirname, "..", "examples");
  const repliesOf = (name: string): RecordedReply[] =>
    readdirSync(join(EXAMPLES, name, "replies"))
      .map((file) =>
        RecordedReply.parse(JSON.parse(readFileSync(join(EXAMPLES, name, "replies", file), "utf8"))),
      )
      // The product's replies for programs; those that label rows are billed apart.
      .filter(({ request }) => request.messages[0].content.startsWith("You are an expert"));
  const programTokens = (name: string) =>
    repliesOf(name)
      .filter(
        ({ request }) =>
          request.messages.length === 2 && request.messages[0].content.includes("weak supervision"),
      )
      .map(({ reply }) => reply.usage.outputTokens);
  const spread = (tokens: number[]) => ({
    low: Math.min(...tokens),
    mean: tokens.reduce((sum, one) => sum + one, 0) / tokens.length,
    high: Math.max(...tokens),
  });

  it.each([
    { name: "spam-email", lengths: "review-sentences" },
    { name: "review-sentences", lengths: "spam-email" },
    // The only one on records: it foresees itself.
    { name: "penguins", lengths: "penguins" },
  ])("are billed within a quarter of what replies of $lengths foresee: $name", ({ name, lengths }) => {
    const task = parseTaskFile(readFileSync(join(EXAMPLES, name, "task.yaml"), "utf8"), name);
    const program = { ...replyLengths.program, [task.modality]: spread(programTokens(lengths)) };
    const { synthesis } = foresee(task, data, {
      ...known,
      columns: task.input.columns ?? [],
      lengths: { ...replyLengths, program },
    });
    const billed = repliesOf(name).reduce((sum, { usd }) => sum + (usd ?? 0), 0);
    expect(Math.abs((synthesis.usd?.mean ?? 0) / billed - 1)).toBeLessThan(0.25);
  });

  it("are what the table of lengths was measured on", () => {
    const texts = ["spam-email", "review-sentences"].flatMap(programTokens);
    expect(Math.abs(spread(texts).mean / replyLengths.program.text.mean - 1)).toBeLessThan(0.05);
    expect(
      Math.abs(spread(programTokens("penguins")).mean / replyLengths.program.record.mean - 1),
    ).toBeLessThan(0.05);
  });
});
