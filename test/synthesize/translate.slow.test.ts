import { afterAll, expect, it } from "vitest";
import { isolateRunner } from "../../lib/adapters/isolates/isolate-runner.ts";
import { unpackColumns } from "../../lib/contracts/columns.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { probeRows } from "../../lib/synthesize/probes.ts";
import { programHash } from "../../lib/synthesize/screen.ts";
import { namedIn, wordRows } from "../../lib/synthesize/word-rows.ts";
import { textsOf } from "../support/memory-store.ts";
import { fenced, scriptedModel } from "../support/scripted-model.ts";
import { run, setOf, silentModel, storeOf, task } from "../support/synthesis.ts";
import { taskOf } from "../support/tasks.ts";

const runner = isolateRunner({ children: 1 });
afterAll(() => runner.close());

const PYTHON = `import re\ndef label_function(text):\n    return 0 if re.search("cash|prize", text) else -1\n`;
const SAME = `function label(row) {\n  return /cash|prize/.test(row.text) ? "spam" : null;\n}`;
const CLASSES = ["spam", "ham"];

const storeWith = (more: Record<string, unknown> = {}, source = PYTHON) =>
  storeOf(
    { synthesis: { programs: 0, translate: true }, ...more },
    { [`${keys.ownProgramsOf(task)}mine.py`]: source },
  );

it("runs the translation that votes the same, and keeps the original beside it with both hashes", async () => {
  const store = storeWith();
  const model = scriptedModel(() => fenced(SAME));
  await run(store, model, {}, runner);
  expect(model.asked[0].messages[1].content).toContain(PYTHON);
  const set = await setOf(store);
  expect(set.programs).toEqual([
    {
      id: "mine",
      hash: programHash(`${SAME}\n`, CLASSES),
      language: "javascript",
      source: `${SAME}\n`,
      origin: { kind: "file", file: "mine.py" },
      translation: {
        from: { language: "python", hash: programHash(PYTHON, CLASSES, "python"), source: PYTHON },
      },
    },
  ]);
  expect(set.calls.map(({ purpose, usd }) => ({ purpose, usd }))).toEqual([
    { purpose: "translation", usd: 0.00045 },
  ]);
  const shown = await textsOf(store, keys.programsOf(task));
  expect([shown["outbox/mail/programs/mine.js"], shown["outbox/mail/programs/mine.py"]]).toEqual([
    `${SAME}\n`,
    PYTHON,
  ]);
  await run(store, silentModel(), {}, runner);
  expect(await setOf(store)).toEqual(set);
});

it.each([
  {
    name: "that votes otherwise where one word stands",
    reply: fenced(SAME.replace("prize", "price")),
    reason: /^its translation votes otherwise on [1-9]\d* of \d+ rows$/,
  },
  { name: "that is none", reply: "I cannot.", reason: /^it has no JavaScript code block$/ },
  { name: "that may not run", reply: fenced(`async ${SAME}`), reason: /^in line 1 it has an async function/ },
])("runs the Python of a translation $name, and keeps the reason", async ({ reply, reason }) => {
  const store = storeWith();
  await run(
    store,
    scriptedModel(() => reply),
    {},
    runner,
  );
  expect((await setOf(store)).programs).toMatchObject([
    {
      id: "mine",
      language: "python",
      source: PYTHON,
      translation: { reason: expect.stringMatching(reason) },
    },
  ]);
});

it("takes no translation of a program that never votes", async () => {
  const store = storeWith({}, "def label_function(text):\n    return 0 if len(text) > 30000 else -1\n");
  await run(
    store,
    scriptedModel(() => fenced("function label(row) { return null; }")),
    {},
    runner,
  );
  expect((await setOf(store)).programs).toMatchObject([
    { language: "python", translation: { reason: expect.stringContaining("nothing can be compared") } },
  ]);
});

it("leaves a program as it is where the money is spent", async () => {
  const store = storeWith({ budget: { usd: 0 } });
  await run(store, silentModel(), {}, runner);
  expect((await setOf(store)).programs).toMatchObject([
    { language: "python", translation: { reason: expect.stringContaining("of the cap of $0.00") } },
  ]);
});

it("compares on rows of what the program looks for, whatever the columns", () => {
  const texts = unpackColumns(wordRows(namedIn(PYTHON, "python"), probeRows(taskOf(), []).columns).columns)
    .columns[0];
  expect(texts.values).toEqual(expect.arrayContaining(["cash", "prize", "cash prize"]));
  const task = taskOf({ modality: "record", input: { columns: ["mass", "island"] } });
  const source = `def label(row):\n    return 0 if row["mass"] > 4000 and row["island"] == "Dream" else -1\n`;
  const { columns, rows } = wordRows(
    namedIn(source, "python"),
    probeRows(task, task.input.columns ?? []).columns,
  );
  const cells = unpackColumns(columns).columns.map(({ values }) =>
    [...values].map((text) => JSON.parse(String(text))),
  );
  expect(cells.map((column) => column.length)).toEqual([rows, rows]);
  expect(cells[0]).toEqual(expect.arrayContaining([3999, 4000, 4000.5]));
  expect(cells[1]).toEqual(expect.arrayContaining(["Dream"]));
});
