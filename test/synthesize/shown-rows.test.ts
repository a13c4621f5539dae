import { describe, expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { drawRows } from "../../lib/fan-out/draw-rows.ts";
import type { ModelRequest, ObjectStore } from "../../lib/ports.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { fenced, scriptedModel } from "../support/scripted-model.ts";
import { inventiveModel, lastWords, program, run, silentModel, storeOf, task } from "../support/synthesis.ts";
import { taskOf, taskText } from "../support/tasks.ts";

const data = (name: string) => keys.data(task, FileName.parse(name));
const input = { text: "body", id: "nr", label: "gold", group: "source" };
const csv = (rows: number) =>
  `nr,gold,source,body\n${Array.from({ length: rows }, (_, row) => `id${row},GOLD,SOURCE,text ${row}\n`).join("")}`;

const drawing = (store: ObjectStore) => ({
  drawRows: (of: Parameters<typeof drawRows>[0], count: number) => drawRows(of, count, store),
});

const rowsIn = (request: ModelRequest) =>
  [...lastWords(request).matchAll(/^\d+\t(.*)$/gm)].map(([, json]) => JSON.parse(json));

describe("rows in prompts", () => {
  it("are shown to whoever writes programs, as data, without gold, id and group", async () => {
    const store = storeOf(
      { input, synthesis: { programs: 2, strategies: ["general", "rules"], examples: 3 } },
      { [data("a.csv")]: csv(40) },
    );
    const model = scriptedModel((request, call) =>
      lastWords(request).includes("# What to write") ? "notes" : fenced(program(`word${call}`)),
    );
    await run(store, model, drawing(store));
    const [notes, ...programs] = model.asked;
    expect(rowsIn(notes)).toEqual([]);
    const [rows, others] = programs.map(rowsIn);
    expect(rows).toEqual(Array.from({ length: 3 }, () => ({ text: expect.stringMatching(/^text \d+$/) })));
    expect(others).toEqual(rows);
    expect(JSON.stringify(model.asked)).not.toMatch(/GOLD|SOURCE|id\d/);
    expect(lastWords(programs[0])).toContain("You are shown few rows and no label, so draw above all on");
    expect(JSON.parse((await textsOf(store))[keys.shownKnowledge(task)])).toEqual({
      rows: { file: "a.csv", drawn: 3, shown: rows },
    });
  });

  it("stay as they were drawn when other data comes, and are drawn anew when the task asks for others", async () => {
    const synthesis = { programs: 1, examples: 2 };
    const store = storeOf({ input, synthesis }, { [data("b.csv")]: csv(40) });
    const model = inventiveModel();
    await run(store, model, drawing(store));
    await store.put(data("a.csv"), csv(10));
    await store.delete(data("b.csv"));
    await run(store, silentModel(), drawing(store));
    await store.put(
      keys.taskFile(task, "task.json"),
      taskText({ input, synthesis: { ...synthesis, seed: 8 } }),
    );
    await run(store, model, drawing(store));
    expect(rowsIn(model.asked[1])).not.toEqual(rowsIn(model.asked[0]));
  });

  it("are cut where they are long, and every one is there", async () => {
    const store = storeOf(
      { synthesis: { programs: 1, examples: 20 } },
      {
        [data("a.jsonl")]: Array.from({ length: 30 }, () =>
          JSON.stringify({ text: "long ".repeat(2_000) }),
        ).join("\n"),
      },
    );
    const model = inventiveModel();
    await run(store, model, drawing(store));
    const lengths = rowsIn(model.asked[0]).map(({ text }) => text.length);
    expect(lengths).toHaveLength(20);
    for (const length of lengths) expect(length).toBeLessThan(1_250);
    expect(rowsIn(model.asked[0])[0].text).toContain("[8800 characters left out]");
  });

  it("show a record task's columns, and say that values are seen", async () => {
    const store = storeOf(
      {
        modality: "record",
        input: { label: "gold", columns: ["mass"] },
        synthesis: { programs: 1, examples: 1 },
      },
      { [data("a.csv")]: "gold,mass\nx,3.5\n" },
    );
    const model = scriptedModel(() =>
      fenced('function label(row) { return row.mass > 4000 ? "spam" : null; }'),
    );
    await run(store, model, drawing(store));
    expect(rowsIn(model.asked[0])).toEqual([{ mass: 3.5 }]);
    expect(lastWords(model.asked[0])).toContain("You see the values of a few rows; go beyond them");
  });

  it.each([
    {
      name: "no data",
      objects: {},
      problem: "there is no data file yet to take rows from. Put one into data/, or take this out.",
    },
    {
      name: "no usable row",
      objects: { [data("a.csv")]: "text\n" },
      problem: "data/a.csv has no row that can be shown. Put rows into it, or take this out.",
    },
  ])("are waited for while there is $name, and nobody is asked", async ({ objects, problem }) => {
    const store = storeOf({ synthesis: { programs: 1, examples: 1 } }, objects);
    const model = silentModel();
    await expect(run(store, model, drawing(store))).rejects.toThrow(`synthesis.examples: ${problem}`);
    expect(model.asked).toEqual([]);
  });
});

describe("drawing rows", () => {
  const drawn = async (count: number, rows = 1_000, seed = 7) => {
    const store = memoryStore({ [data("a.csv")]: csv(rows) });
    const found = await drawRows(taskOf({ input, synthesis: { seed } }), count, store);
    return found?.rows.map(({ text }) => Number(String(text).slice(5))) ?? [];
  };

  it("is the same for the same seed, and begins with the smaller sample", async () => {
    const five = await drawn(5);
    expect(await drawn(5)).toEqual(five);
    expect((await drawn(8)).slice(0, 5)).toEqual(five);
    expect(await drawn(5, 1_000, 8)).not.toEqual(five);
  });

  it("takes all rows where there are no more, none twice", async () => {
    expect((await drawn(50, 20)).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 20 }, (_, row) => row),
    );
  });

  it("comes from all of the file alike", async () => {
    const tenths = new Array(10).fill(0);
    for (let seed = 0; seed < 100; seed++)
      for (const row of await drawn(10, 100, seed)) tenths[Math.floor(row / 10)] += 1;
    // 100 expected in each: five standard deviations are 48.
    for (const count of tenths) expect(Math.abs(count - 100)).toBeLessThan(48);
  });
});
