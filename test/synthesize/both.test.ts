import { describe, expect, it } from "vitest";
import { unpackColumns } from "../../lib/contracts/columns.ts";
import { keys } from "../../lib/contracts/keys.ts";
import type { ModelRequest } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { replyLengths } from "../../lib/prices/reply-lengths.ts";
import { bothProbes } from "../../lib/synthesize/both-probes.ts";
import { estimateSynthesis } from "../../lib/synthesize/estimate.ts";
import { imageProbes } from "../../lib/synthesize/image-probes.ts";
import { pixelProbes } from "../../lib/synthesize/pixel-probes.ts";
import { plannedPrograms } from "../../lib/synthesize/planned-programs.ts";
import { scoresColumns } from "../../lib/synthesize/prompt-columns.ts";
import { programRequest } from "../../lib/synthesize/prompts.ts";
import { CONCEPTS, EARS, imageTask } from "../support/image-tasks.ts";
import { fenced, scriptedModel } from "../support/scripted-model.ts";
import { lastWords, run, setOf, silentModel, storeOf, task } from "../support/synthesis.ts";
import { taskOf } from "../support/tasks.ts";

const concepts = Object.fromEntries(CONCEPTS.map(({ name, descriptions }) => [name, descriptions]));
const bothTask = (synthesis: Record<string, unknown> = {}) =>
  imageTask({
    features: { model: "tiny", concepts },
    synthesis: { programs: 2, strategies: ["general", "pixels"], ...synthesis },
  });

const DARK = 'function label(row) {\n  return row.pixels[16][16][0] > 100 ? "cat" : "dog";\n}';

const isOverPixels = (request: ModelRequest) => lastWords(request).includes("`row.pixels[y][x]`");

/** A model that writes a program over what it is told of. */
const model = () => scriptedModel((request) => fenced(isOverPixels(request) ? DARK : EARS));

/** The requests of a task's programs. */
const requestsOf = (more: Record<string, unknown>): ModelRequest[] => {
  const asked = taskOf(imageTask(more));
  const columns = scoresColumns(asked, CONCEPTS);
  return plannedPrograms(asked.synthesis).map((planned) => programRequest(asked, columns, planned, ""));
};

describe("the strategy pixels", () => {
  it("asks for programs over pixels beside those over scores, and for no knowledge", async () => {
    const asking = model();
    const store = storeOf(bothTask());
    await run(store, asking);
    expect(asking.asked.map(isOverPixels)).toEqual([false, true]);
    const { programs, calls } = await setOf(store);
    expect(programs.map(({ id, origin }) => [id, origin])).toMatchObject([
      ["general-01", { kind: "model", strategy: "general" }],
      ["pixels-01", { kind: "model", strategy: "pixels" }],
    ]);
    expect(calls.map(({ purpose }) => purpose)).toEqual(["program", "program"]);
  });

  it.each(["javascript", "python"])(
    "asks for %s as a task without a model does, and leaves other requests as they are",
    (language) => {
      const synthesis = { programs: 3, seed: 7, language };
      const features = { model: "tiny" };
      const scores = requestsOf({ features, synthesis });
      const pixels = requestsOf({ features: { model: "pixels" }, synthesis });
      const both = requestsOf({
        features,
        synthesis: { ...synthesis, programs: 6, strategies: ["general", "pixels"] },
      });
      expect(both.slice(0, 3)).toEqual(scores);
      const asThere = both.slice(3).map(({ messages, seed, ...rest }) => ({
        ...rest,
        messages: messages.map((one) => ({
          ...one,
          content: one.content.replaceAll("pixels-0", "general-0"),
        })),
        seed: (seed ?? 0) - 6_000,
      }));
      expect(asThere).toEqual(pixels);
    },
  );

  it("sends a program over pixels back for what is wrong with one, and asks it to spell no concept", async () => {
    const careless =
      'function label({ pixels }) {\n  const dark = pixels.flat().filter(([r]) => r < 100);\n  return dark[0][1] > 50 ? "cat" : "dog";\n}';
    let first = true;
    const asking = scriptedModel((request) => {
      if (!isOverPixels({ ...request, messages: request.messages.slice(0, 2) })) return fenced(EARS);
      const reply = first ? careless : DARK;
      first = false;
      return fenced(reply);
    });
    await run(storeOf(bothTask()), asking);
    expect(lastWords(asking.asked[2])).toMatch(
      /it throws on \d+ of \d+ probe pictures, .*mind pictures of one colour/,
    );
  });

  it("sends a program over scores back that never votes, which one over pixels may", async () => {
    const silent = (seen: string) => `function label({ ${seen} }) { return ${seen}.nothing ? "cat" : null; }`;
    const asking = scriptedModel((request) =>
      fenced(
        isOverPixels(request) ? silent("pixels") : request.messages.length > 2 ? EARS : silent("scores"),
      ),
    );
    const store = storeOf(bothTask());
    await run(store, asking);
    expect(asking.asked.map(({ messages }) => messages.length)).toEqual([2, 2, 4]);
    expect(lastWords(asking.asked[2])).toContain("it abstains on all");
    expect((await setOf(store)).programs.map(({ id }) => id)).toEqual(["general-01", "pixels-01"]);
  });

  it("lets the user's own programs read both, and says what they throw on", async () => {
    const store = storeOf(bothTask({ programs: 0 }), {
      [`${keys.ownProgramsOf(task)}good.js`]:
        'function label({ scores, pixels }) { return scores.ears["no ears"] > 0.5 && pixels[0][0][2] > 9 ? "dog" : null; }',
      [`${keys.ownProgramsOf(task)}wrong.js`]:
        'function label({ scores, pixels }) { return pixels[0][0][2] > 9 && scores.eyes["no eyes"] > 0.5 ? "dog" : null; }',
    });
    await run(store, silentModel());
    const { programs, rejected } = await setOf(store);
    expect(programs.map(({ id }) => id)).toEqual(["good"]);
    expect(rejected).toMatchObject([
      {
        id: "wrong",
        reason: expect.stringMatching(
          /^it throws on \d+ of \d+ probe rows, and all of them have every score and every pixel/,
        ),
      },
    ]);
  });

  it("is foreseen to write as long as over pixels, the others as long as over scores", () => {
    const foreseen = taskOf(bothTask({ programs: 3 }));
    const plan = estimateSynthesis(foreseen, {
      prices: listPrices,
      columns: scoresColumns(foreseen, CONCEPTS),
      recordings: new Map(),
      lengths: { ...replyLengths, repairsAProgram: { low: 0, mean: 0, high: 0 } },
    });
    const { record, pixels } = replyLengths.program;
    expect(plan.calls).toEqual({ low: 3, mean: 3, high: 3 });
    expect(plan.outputTokens.mean).toBe(2 * record.mean + pixels.mean);
  });
});

it("tries programs on every row of scores and every picture", () => {
  const { columns, rows } = bothProbes(CONCEPTS);
  const valuesOf = (block: Uint8Array) =>
    Object.fromEntries(
      unpackColumns(block).columns.map(({ name, values }) => [name, new Set<unknown>(values)]),
    );
  expect(valuesOf(columns)).toEqual({
    ...valuesOf(imageProbes(CONCEPTS).columns),
    ...valuesOf(pixelProbes().columns),
  });
  expect(rows).toBe(Math.max(imageProbes(CONCEPTS).rows, pixelProbes().rows));
});
