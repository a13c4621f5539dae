import { afterAll, expect, it } from "vitest";
import { isolateRunner } from "../../lib/adapters/isolates/isolate-runner.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { ProgramId } from "../../lib/contracts/names.ts";
import { probeRows } from "../../lib/synthesize/probes.ts";
import { screened } from "../../lib/synthesize/screen.ts";
import { textsOf } from "../support/memory-store.ts";
import { scriptedModel } from "../support/scripted-model.ts";
import { lastWords, run, setOf, silentModel, storeOf, task } from "../support/synthesis.ts";
import { taskOf } from "../support/tasks.ts";

const runner = isolateRunner({ children: 1 });
afterAll(() => runner.close());

const python = (source: string) => `\`\`\`python\n${source}\`\`\`\n`;
const finds = (word: string) =>
  `import re\ndef label_function(text):\n    return 0 if re.search("${word}", text) else -1\n`;

it("asks for Python, sends back by name what cannot run, and keeps programs of both languages", async () => {
  const store = storeOf(
    { synthesis: { programs: 1, language: "python" } },
    {
      [`${keys.ownProgramsOf(task)}mine.py`]: finds("cash"),
      [`${keys.ownProgramsOf(task)}mine.js`]: `function label(row) { return row.text.includes("win") ? "spam" : null; }`,
      [`${keys.ownProgramsOf(task)}stuck.py`]: "def label_function(row):\n    while True: pass\n",
    },
  );
  const model = scriptedModel((_request, call) =>
    python(call === 1 ? `class A:\n    pass\n${finds("free")}` : finds("free")),
  );
  await run(store, model, {}, runner);
  const [first, second] = model.asked;
  expect(first.messages[1].content).toContain(
    "The program is `def label_function(text):`. `text` is always a str",
  );
  expect(first.messages[1].content).toContain('- 1: "ham"');
  expect(lastWords(second)).toContain(
    "This cannot be used: in line 1 it uses `class`, and Python programs cannot have classes: use functions, tuples and dicts instead.",
  );
  const set = await setOf(store);
  expect(set.programs.map(({ id, language, source }) => ({ id, language, source }))).toEqual([
    { id: "general-01", language: "python", source: finds("free") },
    { id: "mine", language: "javascript", source: expect.stringContaining("win") },
    { id: "mine-2", language: "python", source: finds("cash") },
  ]);
  expect(set.rejected.map(({ id, reason }) => ({ id, reason }))).toEqual([
    { id: "stuck", reason: expect.stringMatching(/more than a second on a probe row|had to be stopped/) },
  ]);
  const shown = Object.keys(await textsOf(store, keys.programsOf(task)));
  expect(shown.filter((key) => !key.endsWith(".json"))).toEqual([
    "outbox/mail/programs/general-01.py",
    "outbox/mail/programs/mine-2.py",
    "outbox/mail/programs/mine.js",
  ]);
});

it("pays for no program in a language that cannot be run here", async () => {
  const store = storeOf({ synthesis: { programs: 1, language: "python" } });
  const other = isolateRunner({ children: 1, machine: { platform: "linux", arch: "arm64" } });
  await expect(run(store, silentModel(), {}, other)).rejects.toMatchObject({ code: "language-unavailable" });
  await other.close();
});

it.each([
  {
    name: "a module that is not there",
    body: "x = callable(1)",
    reason: "it cannot run: NameError: name 'callable' is not defined",
  },
  {
    name: "a match statement",
    body: "match 1:\n        case 1: pass",
    reason: "in line 3 it uses what Python programs cannot have here, the match statement: use if and elif",
  },
  {
    name: "a function for re.sub",
    body: "x = __re.sub('a', lambda m: 'b', 'a')",
    reason:
      "it uses what Python programs cannot have here, a function as the replacement of re.sub: loop over re.finditer",
  },
  {
    name: "the attribute of a dict",
    body: "return row.text",
    reason:
      "it throws on every one of the probe rows (first: AttributeError: 'dict' object has no attribute 'text')",
  },
  {
    name: "a truth value",
    body: "return not row",
    reason:
      "on 15 of 15 probe rows label returned something other than the number of a class (0 to 1), the name of a class, -1 or None (first: bool False)",
  },
  {
    name: "bad syntax",
    body: "return (",
    reason: "it does not start: line 4: SyntaxError: unexpected EOF while parsing",
  },
  {
    name: "what it remembers",
    body: "(lambda kept=SEEN: kept.append(1))()\n    return 1 if len(SEEN) > 3 else 0",
    reason: expect.stringContaining("its votes depend on the rows before"),
  },
])("sends back $name with what the interpreter says", async ({ body, reason }) => {
  const candidate = {
    id: ProgramId.parse("p"),
    language: "python" as const,
    source: `SEEN = []\ndef label_function(row):\n    ${body}\n`,
  };
  const found = await screened([candidate], {
    classes: ["spam", "ham"],
    probes: probeRows(taskOf(), []),
    runner,
    hardening: "standard",
  });
  expect(found).toEqual([reason]);
});
