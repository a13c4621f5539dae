import { expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { fenced, scriptedModel } from "../support/scripted-model.ts";
import { lastWords, program, run, setOf, silentModel, storeOf, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

it("joins the user's own programs, asking no model when none is wanted from it", async () => {
  const own = keys.ownProgramsOf(task);
  const store = storeOf(
    { synthesis: { programs: 0 } },
    {
      [`${own}my rules.js`]: program("offer"),
      [`${own}broken.js`]: "function label(row) { return 3; }",
      [`${own}notes.md`]: "Mine.",
      [`${own}.DS_Store`]: "?",
    },
  );
  const model = silentModel();
  await run(store, model);
  const { programs, rejected } = await setOf(store);
  expect(programs.map(({ id, origin }) => ({ id, origin }))).toEqual([
    { id: "my-rules", origin: { kind: "file", file: "my rules.js" } },
  ]);
  expect(rejected.map(({ id, reason }) => ({ id, reason }))).toEqual([
    { id: "broken", reason: 'label returns 3, and may return only "spam", "ham" or null' },
    { id: "notes", reason: "its name does not end in .js or .py, so it was left out" },
  ]);
});

it("builds the set anew when a program of the user's changes, without a call", async () => {
  const own = `${keys.ownProgramsOf(task)}mine.js`;
  const store = storeOf({}, { [own]: program("offer") });
  await run(store);
  await store.put(own, program("bargain"));
  const { reports } = await run(store, silentModel());
  expect(reports.at(-1)).toEqual({ stage: "synthesize", calls: 0, replayed: 1, usd: 0, programs: 2 });
  expect((await textsOf(store))["outbox/mail/programs/mine.js"]).toBe(program("bargain"));
});

it.each([
  {
    name: "no task file",
    store: memoryStore(),
    message:
      "mail: the task folder has no task.yaml, task.yml or task.json. Write one with name, description and classes.",
  },
  {
    name: "two task files",
    store: storeOf({}, { [keys.taskFile(task, "task.yaml")]: taskText() }),
    message: "mail: the task folder has task.yaml and task.json. Keep one of them.",
  },
  {
    name: "a task of another name",
    store: storeOf({ name: "letters" }),
    message: 'task.json: name: found "letters". Expected "mail", the name of its folder.',
  },
  {
    name: "a record task whose columns nobody knows",
    store: storeOf({ modality: "record" }),
    message:
      "input.columns: a record task needs columns, and there is no data file yet to take them from. Name them here, or put a file into data/ first.",
  },
  {
    name: "no program at all",
    store: storeOf({ synthesis: { programs: 0 } }),
    message:
      "There is no program: synthesis.programs is 0 and programs/ of the task folder has no .js or .py file. Ask for programs, or write one.",
  },
])("refuses $name before anything is asked", async ({ store, message }) => {
  const model = silentModel();
  await expect(run(store, model)).rejects.toThrow(message);
  expect(model.asked).toEqual([]);
});

it("shows programs of a record task every column of its data but the id and the gold", async () => {
  const store = storeOf({ modality: "record", input: { id: "row", label: "species" } });
  const model = scriptedModel(() =>
    fenced('function label(row) { return row.mass > 4000 ? "spam" : null; }'),
  );
  const columnsOf = async () => ["row", "species", "mass", "island"].map((name) => ({ name }));
  await run(store, model, { columnsOf });
  expect(lastWords(model.asked[0]).match(/row\["\w+"\]/g)).toEqual(['row["mass"]', 'row["island"]']);
});
