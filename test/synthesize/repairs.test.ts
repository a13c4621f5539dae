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

it("lists a program that two repairs did not mend, with its reason, and goes on with the others", async () => {
  const store = storeOf({ synthesis: { programs: 2 } });
  const model = scriptedModel(({ seed }) =>
    seed === 8 ? { text: "I cannot help.", finishReason: "refusal" } : fenced(program("free")),
  );
  await run(store, model);
  const { programs, rejected, calls } = await setOf(store);
  expect(programs.map(({ id }) => id)).toEqual(["general-02"]);
  expect(rejected.map(({ id, reason }) => ({ id, reason }))).toEqual([
    { id: "general-01", reason: 'the model declined to answer ("I cannot help.")' },
  ]);
  expect(calls.map(({ purpose }) => purpose)).toEqual(["program", "repair", "repair", "program"]);
  expect(Object.keys(await textsOf(store, keys.programsOf(task)))).toContain(
    "outbox/mail/programs/general-01.json",
  );
});

it("lets an exact copy be no second voter", async () => {
  const store = storeOf({ synthesis: { programs: 2 } });
  await run(store);
  expect((await setOf(store)).rejected.map(({ id, reason }) => ({ id, reason }))).toEqual([
    { id: "general-02", reason: "it is an exact copy of general-01" },
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
      "None of the 1 programs of mail can be used. general-01: it is empty. The replies are kept under " +
      "work/mail/replies/. Take another synthesis.model or synthesis.seed, or describe the task and its classes more fully.",
  });
});
