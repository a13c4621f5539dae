import { describe, expect, it } from "vitest";
import { unpackColumns } from "../../lib/contracts/columns.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { replyLengths } from "../../lib/prices/reply-lengths.ts";
import { estimateSynthesis } from "../../lib/synthesize/estimate.ts";
import { pixelProbes } from "../../lib/synthesize/pixel-probes.ts";
import { textsOf } from "../support/memory-store.ts";
import { fenced, scriptedModel } from "../support/scripted-model.ts";
import { lastWords, run, setOf, storeOf, task } from "../support/synthesis.ts";
import { taskOf } from "../support/tasks.ts";

const pixelTask = (synthesis: Record<string, unknown> = {}) => ({
  modality: "image",
  classes: ["plant", "sky"],
  features: { model: "pixels" },
  synthesis: { programs: 1, ...synthesis },
});

const GREEN =
  'function label({ pixels }) {\n  const [r, g, b] = pixels[16][16];\n  return g > r && g > b ? "plant" : b > r ? "sky" : null;\n}';

describe("programs over pixels", () => {
  it("are asked for at once: no concept is, and none is kept", async () => {
    const store = storeOf(pixelTask());
    const model = scriptedModel(() => fenced(GREEN));
    await run(store, model);
    expect((await setOf(store)).calls.map(({ purpose }) => purpose)).toEqual(["program"]);
    const prompt = lastWords(model.asked[0]);
    expect(prompt).toContain("`row.pixels[y][x]` is a list of three whole numbers from 0 to 255");
    expect(prompt).toContain("Shares of colours.");
    expect(prompt).not.toMatch(/scores\[|concept|regex|row\.text/);
    expect(Object.keys(await textsOf(store))).not.toContain(keys.concepts(task));
  });

  it("are spelled as Python does where they are to be Python", async () => {
    const model = scriptedModel(() => fenced(GREEN));
    const asking = run(storeOf(pixelTask({ language: "python" })), model);
    // Its reply is JavaScript, of which nothing can be used.
    await expect(asking).rejects.toMatchObject({ code: "no-programs" });
    const prompt = lastWords(model.asked[0]);
    expect(prompt).toContain("The program is `def label_function(row):`. The row is a picture");
    expect(prompt).toContain('`row["pixels"][y][x]`');
    expect(prompt).not.toMatch(/function label\(|row\.pixels/);
  });

  it("go back where they throw on a picture, with the reason", async () => {
    const careless =
      'function label({ pixels }) {\n  const dark = pixels.flat().filter(([r]) => r < 100);\n  return dark[0][1] > 50 ? "plant" : dark.length > 500 ? "sky" : null;\n}';
    const model = scriptedModel((_request, call) => fenced(call === 1 ? careless : GREEN));
    const store = storeOf(pixelTask());
    await run(store, model);
    expect(lastWords(model.asked[1])).toMatch(
      /it throws on \d+ of 48 probe pictures, and all of them have 32 lines of 32 pixels: mind pictures of one colour/,
    );
    expect((await setOf(store)).programs.map(({ source }) => source)).toEqual([`${GREEN}\n`]);
  });

  it("are foreseen to be as long as such programs are", () => {
    const known = { prices: listPrices, columns: [{ name: "pixels" }], recordings: new Map() };
    const { calls, outputTokens } = estimateSynthesis(taskOf(pixelTask()), {
      ...known,
      lengths: replyLengths,
    });
    expect([calls.low, outputTokens.low]).toEqual([1, replyLengths.program.pixels.low]);
  });

  it.each(["description", "rules"])("may be asked for by the strategy %s", async (strategy) => {
    const model = scriptedModel((_request, call) => (call === 1 ? "Plants are green." : fenced(GREEN)));
    const store = storeOf(pixelTask({ strategies: [strategy] }));
    await run(store, model);
    expect((await setOf(store)).programs.map(({ id }) => id)).toEqual([`${strategy}-01`]);
  });
});

it("tries programs on whole pictures that differ from each other, the same each time", () => {
  const { columns, rows } = pixelProbes();
  const [{ name, values }] = unpackColumns(columns).columns;
  const pictures = [...values].map((text) => JSON.parse(String(text)) as number[][][]);
  expect([name, pictures.length, new Set<unknown>(values).size]).toEqual(["pixels", rows, rows]);
  for (const picture of pictures) {
    const pixels = picture.flat();
    expect([picture.length, pixels.length]).toEqual([32, 32 * 32]);
    expect(pixels.flat().every((level) => Number.isInteger(level) && level >= 0 && level <= 255)).toBe(true);
  }
  expect(Buffer.compare(pixelProbes().columns, columns)).toBe(0);
});
