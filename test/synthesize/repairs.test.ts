import { expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { textsOf } from "../support/memory-store.ts";
import { fenced, scriptedModel } from "../support/scripted-model.ts";
import { lastWords, program, run, setOf, storeOf, task } from "../support/synthesis.ts";

it.each([
  ["no code", "I would look for the word free.", "it has no JavaScript code block"],
  [
    "two programs",
    fenced(program("a")) + fenced(program("b")),
    "it has 2 code blocks that define label, where one was asked for",
  ],
  [
    "Python",
    "```python\ndef label_function(row):\n    return -1\n```",
    "it is a Python program, where JavaScript was asked for",
  ],
  ["nothing", "", "it is empty"],
  [
    "a syntax error",
    fenced("function label(row) { return ( }"),
    "its code does not parse: Unexpected token (1:31)",
  ],
  [
    "a class that is not the task's",
    fenced('function label(row) { return row.text ? "junk" : null; }'),
    'label returns "junk", and may return only "spam", "ham" or null',
  ],
  [
    "a class made up while running",
    fenced('function label(row) { return "j" + "unk"; }'),
    'on 15 of 15 probe rows label returned something other than "spam", "ham" or null',
  ],
  [
    "a program that throws on every row",
    fenced("function label(row) { return row.txt.length > 1 ? null : null; }"),
    "it throws on every one of the probe rows",
  ],
  [
    "a program of 1 MB",
    fenced(`${program("free")}\n// ${"x".repeat(1_000_000)}`),
    "it has 1000080 bytes, and a program may have 32768",
  ],
  [
    "a program that says one thing whatever it sees",
    fenced('function label(row) { return "ham"; }'),
    'it returns "ham" on all of 15 probe rows, empty ones too: look at the row, and abstain where it says nothing',
  ],
  [
    "a program that does not start",
    fenced("const list = missing;\nfunction label(row) { return null; }"),
    "it does not start: its top level throws, or defines no function label",
  ],
])("sends %s back with the reason, and takes the corrected program", async (_name, bad, reason) => {
  const store = storeOf();
  const model = scriptedModel((_request, call) => (call === 1 ? bad : fenced(program("free"))));
  await run(store, model);
  const { programs, rejected, calls } = await setOf(store);
  expect(programs.map(({ source }) => source)).toEqual([`${program("free")}\n`]);
  expect(rejected).toEqual([]);
  expect(calls.map(({ purpose }) => purpose)).toEqual(["program", "repair"]);
  expect(model.asked[1].messages.slice(2).map(({ content }) => content)).toEqual([
    bad || "(no text)",
    expect.stringContaining(`This cannot be used: ${reason}.\n`),
  ]);
});

it("sends a program back that policy forbids", async () => {
  const store = storeOf();
  const stateful = `const FREE = /free/g;\n${program("free")}`;
  const model = scriptedModel((_request, call) => fenced(call === 1 ? stateful : program("free")));
  await run(store, model);
  expect(lastWords(model.asked[1])).toContain("the pattern /free/g remembers its position from row to row");
});

it("lists a program that two repairs did not mend, with its reason, and has a fresh one written instead", async () => {
  const store = storeOf({ synthesis: { programs: 2 } });
  const model = scriptedModel(({ seed }) =>
    seed === 8 ? { text: "I cannot help.", finishReason: "refusal" } : fenced(program(`word${seed}`)),
  );
  await run(store, model);
  const { programs, rejected, calls } = await setOf(store);
  expect(programs.map(({ id }) => id)).toEqual(["general-02", "general-03"]);
  expect(rejected.map(({ id, reason }) => ({ id, reason }))).toEqual([
    { id: "general-01", reason: 'the model declined to answer ("I cannot help.")' },
  ]);
  expect(calls.map(({ purpose }) => purpose)).toEqual(["program", "repair", "repair", "program", "program"]);
  expect(Object.keys(await textsOf(store, keys.programsOf(task)))).toContain(
    "outbox/mail/programs/general-01.json",
  );
});

it("lets an exact copy be no second voter, and replaces it no more often than half of what was asked for", async () => {
  const store = storeOf({ synthesis: { programs: 3 } });
  const model = scriptedModel(() => fenced(program("free")));
  await run(store, model);
  expect((await setOf(store)).rejected.map(({ id, reason }) => ({ id, reason }))).toEqual(
    ["general-02", "general-03", "general-04", "general-05"].map((id) => ({
      id,
      reason: "it is an exact copy of general-01",
    })),
  );
  expect(model.asked).toHaveLength(5);
});

it("lets a program be no second voter that is written otherwise and does the same", async () => {
  const words = Array.from("abcdefghijkl", (letter) => `${letter}${letter}word`);
  const one = `function label(row) { return /${words.join("|")}/.test(row.text) ? "spam" : null; }`;
  const other = `const W = ${JSON.stringify(words)};
function label(row) { for (const w of W) if (row.text.includes(w)) return "spam"; return null; }`;
  const third = one.replace("|ddword", "");
  const store = storeOf({ synthesis: { programs: 3 } });
  const model = scriptedModel((_request, call) => fenced([one, other, third][call - 1] ?? program("free")));
  await run(store, model);
  const { programs, rejected } = await setOf(store);
  expect(programs.map(({ id }) => id)).toEqual(["general-01", "general-03", "general-04"]);
  expect(rejected.map(({ id, reason }) => ({ id, reason }))).toEqual([
    {
      id: "general-02",
      reason: expect.stringMatching(
        /^it votes as general-01 does on all of \d+ rows, made of what programs look for$/,
      ),
    },
  ]);
});

it("goes without a replacement that cannot be paid for, and says so", async () => {
  const store = storeOf({ synthesis: { programs: 2 }, budget: { usd: 0.006 } });
  await run(store);
  expect((await setOf(store)).rejected.map(({ id, reason }) => ({ id, reason }))).toEqual([
    { id: "general-02", reason: "it is an exact copy of general-01 (not replaced: budget-exceeded)" },
  ]);
});

it("gives a replacement an id that no program of the user's has", async () => {
  const own = keys.ownProgramsOf(task);
  const store = storeOf({ synthesis: { programs: 2 } }, { [`${own}general-03.js`]: program("offer") });
  const model = scriptedModel(({ seed }) => fenced(program(seed < 10 ? "free" : `word${seed}`)));
  await run(store, model);
  expect((await setOf(store)).programs.map(({ id }) => id)).toEqual([
    "general-01",
    "general-04",
    "general-03",
  ]);
});

it("fails when no program can be used, and says why", async () => {
  await expect(
    run(
      storeOf(),
      scriptedModel(() => ""),
    ),
  ).rejects.toMatchObject({
    code: "no-programs",
    message:
      "None of the 1 programs of mail can be used. general-01: it is empty. The replies are kept in " +
      "replies/ of the task's work folder. Take another synthesis.model or synthesis.seed, or describe the task and its classes more fully.",
  });
});
