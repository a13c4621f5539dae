import { expect, it } from "vitest";
import { hashOfJson } from "../../lib/contracts/hash.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { requestHash } from "../../lib/synthesize/ask.ts";
import {
  CONCEPTS,
  conceptModel,
  DESCRIPTIONS_REPLY,
  imageTask,
  json,
  NAMES_REPLY,
  stepOf,
} from "../support/image-tasks.ts";
import { textsOf } from "../support/memory-store.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { lastWords, run, setOf, silentModel, storeOf, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

const conceptsIn = async (store: ReturnType<typeof storeOf>) =>
  JSON.parse((await textsOf(store))[keys.concepts(task)]);

it("asks for concepts, then for their descriptions, then for programs over them, and keeps all with where it came from", async () => {
  const store = storeOf(imageTask());
  const model = conceptModel();
  await run(store, model);
  expect(model.asked.map(stepOf)).toEqual(["names", "descriptions", "program"]);
  expect(new Set(model.asked.map(({ seed }) => seed)).size).toBe(3);
  expect(await conceptsIn(store)).toEqual({
    hash: hashOfJson(CONCEPTS),
    concepts: CONCEPTS,
    origin: { kind: "model", requests: model.asked.slice(0, 2).map(requestHash) },
  });
  const shown = JSON.parse((await textsOf(store))[keys.shownConcepts(task)]);
  expect(shown.conversation.map(({ reply }: { reply: { text: string } }) => reply.text)).toEqual([
    NAMES_REPLY,
    DESCRIPTIONS_REPLY,
  ]);
  expect((await setOf(store)).calls.map(({ purpose }) => purpose)).toEqual([
    "concepts",
    "concepts",
    "program",
  ]);
});

it("lists every score in the prompt of a program, with what chance would give it", async () => {
  const model = conceptModel();
  await run(storeOf(imageTask()), model);
  const prompt = lastWords(model.asked[2]);
  expect(prompt).toContain(
    '- row.scores["ears"], 3 descriptions, 1/n = 0.333:\n  - "pointed ears"\n  - "floppy ears"\n  - "no ears"\n- row.scores["coat"], 2 descriptions, 1/n = 0.500:\n',
  );
  expect(prompt).not.toMatch(/regex|row\.text/);
});

it("spells scores as Python does where programs are to be Python", async () => {
  const model = conceptModel();
  const store = storeOf(imageTask({ synthesis: { programs: 1, language: "python" } }));
  // Its reply is JavaScript, of which nothing can be used.
  await expect(run(store, model)).rejects.toMatchObject({ code: "no-programs" });
  const prompt = lastWords(model.asked[2]);
  expect(prompt).toContain("The program is `def label_function(row):`. The row is a picture");
  expect(prompt).toContain('- row["scores"]["ears"], 3 descriptions');
  expect(prompt).not.toMatch(/function label|row\.scores/);
});

it("tells what the user knows of the image-text model, to concepts and programs alike", async () => {
  const model = conceptModel();
  await run(storeOf(imageTask({ features: { model: "tiny", about: "It knows animals." } })), model);
  expect(
    model.asked.map((request) => lastWords(request).includes("# The image-text model\nIt knows animals.")),
  ).toEqual([true, true, true]);
});

it("takes the task file's concepts instead of asking for any", async () => {
  const concepts = { "fur colour": ["black fur", "white fur"] };
  const store = storeOf(imageTask({ features: { model: "tiny", concepts } }));
  const model = conceptModel({
    program: [
      '```js\nfunction label(row) { return row.scores["fur colour"]["black fur"] > 0.5 ? "cat" : "dog"; }\n```',
    ],
  });
  await run(store, model);
  expect(model.asked.map(stepOf)).toEqual(["program"]);
  expect(await conceptsIn(store)).toMatchObject({
    concepts: [{ name: "fur colour", descriptions: ["black fur", "white fur"] }],
    origin: { kind: "task" },
  });
});

it("does not ask for concepts again when more programs are wanted", async () => {
  const store = storeOf(imageTask());
  const model = conceptModel();
  await run(store, model);
  const before = await conceptsIn(store);
  await store.put(keys.taskFile(task, "task.json"), taskText(imageTask({ synthesis: { programs: 2 } })));
  await run(store, model);
  // This model always writes the same, so the second is a copy, and asked for once more.
  expect(model.asked.map(stepOf)).toEqual(["names", "descriptions", "program", "program", "program"]);
  expect(await conceptsIn(store)).toEqual(before);
});

it("asks for programs again when the concepts are others", async () => {
  const store = storeOf(imageTask());
  const model = conceptModel();
  await run(store, model);
  const features = { model: "tiny", concepts: { ears: ["pointed ears", "floppy ears"] } };
  await store.put(keys.taskFile(task, "task.json"), taskText(imageTask({ features })));
  await run(store, model);
  expect(model.asked.map(stepOf)).toEqual(["names", "descriptions", "program", "program"]);
});

it("leaves the same objects and asks nothing when delivered twice", async () => {
  const store = storeOf(imageTask());
  await run(store, conceptModel());
  const before = await textsOf(store);
  const { reports } = await run(store, silentModel());
  expect(await textsOf(store)).toEqual(before);
  expect(reports.at(-1)).toEqual({ stage: "synthesize", calls: 0, replayed: 3, usd: 0, programs: 1 });
});

it("keeps the concepts of the set in force where others could not be given programs", async () => {
  const store = storeOf(imageTask());
  await run(store, conceptModel());
  const before = await conceptsIn(store);
  const features = { model: "tiny", concepts: { ears: ["pointed ears", "floppy ears"] } };
  await store.put(
    keys.taskFile(task, "task.json"),
    taskText(imageTask({ features, budget: { usd: 0.001 } })),
  );
  await expect(run(store, silentModel())).rejects.toMatchObject({ code: "budget-exceeded" });
  expect(await conceptsIn(store)).toEqual(before);
});

it.each([
  {
    name: "no JSON",
    step: "names",
    reply: "Ears and coats.",
    reason: "it is not a JSON list of strings that parses",
  },
  {
    name: "very many blank lines in a fence",
    step: "names",
    reply: `\`\`\`json\n${"\n".repeat(100_000)}`,
    reason: "it is not a JSON list of strings that parses",
  },
  {
    name: "a name twice",
    step: "names",
    reply: json(["ears", "Ears"]),
    reason: 'it names the concept "Ears" twice',
  },
  {
    name: "a name missing",
    step: "descriptions",
    reply: json({ ears: ["a", "b"] }),
    reason: 'it has no descriptions of "coat"',
  },
  {
    name: "a foreign concept",
    step: "descriptions",
    reply: json({ ears: ["a", "b"], coat: ["c", "d"], nose: ["e", "f"] }),
    reason: 'it has the concept "nose", which was not asked for',
  },
  {
    name: "a single description",
    step: "descriptions",
    reply: json({ ears: ["a", "b"], coat: ["c"] }),
    reason: 'the concept "coat" has 1 descriptions, and 2 to 50 can compete',
  },
] as const)("sends a reply with $name back with the reason", async ({ step, reply, reason }) => {
  const good = { names: NAMES_REPLY, descriptions: DESCRIPTIONS_REPLY }[step];
  const model = conceptModel({ [step]: [reply, good] });
  const store = storeOf(imageTask());
  await run(store, model);
  const repair = model.asked.filter((request) => stepOf(request) === step)[1];
  expect(lastWords(repair)).toContain(`This cannot be used: ${reason}.`);
  expect((await conceptsIn(store)).concepts).toEqual(CONCEPTS);
});

it("asks for nothing where programs in the task's language cannot be run", async () => {
  const model = conceptModel();
  const store = storeOf(imageTask({ synthesis: { programs: 1, language: "python" } }));
  const runner = { ...plainRunner(), lacking: () => "no Python here" };
  await expect(run(store, model, {}, runner)).rejects.toMatchObject({ code: "language-unavailable" });
  expect(model.asked).toEqual([]);
});

it("gives up after two repairs, and says what to do", async () => {
  const model = conceptModel({ descriptions: ["nothing"] });
  const store = storeOf(imageTask());
  await expect(run(store, model)).rejects.toMatchObject({
    code: "no-concepts",
    message:
      "No visual concepts for mail: it is not a JSON object of lists of strings that parses. The replies are kept under work/mail/replies/. " +
      "Name concepts and descriptions under features.concepts, or take another synthesis.model or synthesis.seed.",
  });
  expect(model.asked.map(stepOf)).toEqual(["names", "descriptions", "descriptions", "descriptions"]);
});

it.each([
  {
    name: "too long to be read whole",
    features: { model: "tiny", concepts: { ears: [`${"very ".repeat(50)}long ears`, "short ears"] } },
    message: /^task\.yaml: features\.concepts: the concept "ears" has a description that is too long/,
  },
  {
    name: "missing where no model is asked",
    features: { model: "tiny" },
    synthesis: { programs: 0 },
    message: /^task\.yaml: features\.concepts: found nothing, and synthesis\.programs is 0/,
  },
])("refuses concepts of the task file that are $name", async ({ message, name: _name, ...more }) => {
  await expect(run(storeOf(imageTask(more)), silentModel())).rejects.toMatchObject({
    code: "invalid-input",
    message: expect.stringMatching(message),
  });
});

it.each([
  {
    name: "throws for want of a concept",
    source: 'return row.scores.ears["no ears"] > 0.5 && row.scores.tail["long"] > 0.5 ? "cat" : "dog";',
    reason: /^it throws on \d+ of \d+ probe rows/,
  },
  {
    name: "never votes for want of a description",
    source: 'return row.scores.ears["Pointed"] > 0.5 ? "cat" : null;',
    reason: /^it abstains on all \d+ probe rows/,
  },
])("sends a program back that $name", async ({ source, reason }) => {
  const model = conceptModel({
    program: [`\`\`\`js\nfunction label(row) { ${source} }\n\`\`\``],
  });
  await expect(run(storeOf(imageTask()), model)).rejects.toMatchObject({ code: "no-programs" });
  expect(lastWords(model.asked[3]).replace("This cannot be used: ", "")).toMatch(reason);
});

it.each([
  { here: [], message: /image tasks are not set up here/ },
  { here: ["clip-vit-b-32"], message: /found "tiny"\. This deployment has clip-vit-b-32/ },
])("pays nothing for a task whose image-text model is not among $here", async ({ here, message }) => {
  const model = silentModel();
  await expect(run(storeOf(imageTask()), model, { imageModels: here })).rejects.toMatchObject({
    code: "invalid-input",
    message: expect.stringMatching(message),
  });
  expect(model.asked).toEqual([]);
});
