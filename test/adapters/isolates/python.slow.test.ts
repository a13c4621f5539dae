import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { isolateRunner } from "../../../lib/adapters/isolates/isolate-runner.ts";
import { faults, jobOf, mixedTexts, TEXT_PROGRAMS, texts } from "./job-of.ts";

const runner = isolateRunner({ children: 1 });
afterAll(() => runner.close());

const returning = (value: string) => `def label_function(row):\n    return ${value}\n`;

it.each([
  { value: "1", vote: 1 },
  { value: "'ham'", vote: 1 },
  { value: "-1", vote: -1 },
  { value: "None", vote: -1 },
  { value: "True", complaint: "bool True" },
  { value: "1.0", complaint: "float 1.0" },
  { value: "2", complaint: "int 2" },
  { value: "-2", complaint: "int -2" },
  { value: "10**30", complaint: "int 1000000000000000000000000000000" },
  { value: "'junk'", complaint: "str 'junk'" },
  { value: "'x' * 1000", complaint: `str '${"x".repeat(79)}` },
  { value: "['ham']", complaint: "list" },
  { value: "b'ham'", complaint: "bytes" },
])("takes $value for what it is", async ({ value, vote, complaint }) => {
  const [found] = await runner.run(jobOf([returning(value)], texts("a", "b")));
  const isVote = vote !== undefined;
  expect(found).toEqual({
    votes: Int8Array.of(vote ?? -1, vote ?? -1),
    faults: faults(isVote ? {} : { badReturn: 2 }),
    first: isVote ? {} : { badReturn: 0 },
    cpuMs: expect.any(Number),
    ...(complaint && { complaint }),
  });
});

it.each([
  {
    name: "a text where its parameter is text",
    source: "def label(text):\n    return 0 if text == 'a' else 1\n",
    votes: [0, 1],
  },
  {
    name: "a dict else",
    source: "def label(row):\n    return 0 if row == {'text': 'a'} else 1\n",
    votes: [0, 1],
  },
  {
    name: "no pipe to print to",
    source: "print('x' * 5000)\ndef label(row):\n    print(row)\n    return 1\n",
    votes: [1, 1],
  },
  {
    name: "its own meaning of names that we use",
    source:
      "import re\nstr = int = type = len = range = repr = BaseException = None\ndef label(row):\n    return 1 if re.search('a', row['text']) else None\n",
    votes: [1, -1],
  },
  {
    name: "patterns with their flags, by place and by name",
    source:
      "import re\ndef label(text):\n    return 0 if re.search('A', text, flags=re.I) and re.sub('a', '', text, count=1) == '' and re.findall(re.compile('a'), text) == ['a'] else 1\n",
    votes: [0, 1],
  },
])("gives a program $name", async ({ source, votes }) => {
  const [found] = await runner.run(jobOf([source], texts("a", "b")));
  expect([found.complaint, [...found.votes]]).toEqual([undefined, votes]);
});

it("gives records as dicts of what JSON says, lone surrogates replaced", async () => {
  const program = (expected: string) =>
    `def label_function(row):\n    return 1 if row == ${expected} else 0\n`;
  const rows = ['{"a":[1,2.5,true,null]}', '"\\ud800x"', "null"];
  const found = await runner.run(
    jobOf(
      [
        program('{"any thing": {"a": [1, 2.5, True, None]}, "n": 0.5, "__proto__": "p"}'),
        program('{"any thing": "\\N{REPLACEMENT CHARACTER}x", "n": 1, "__proto__": "q"}'),
        program('{"any thing": None, "n": -3, "__proto__": "r"}'),
      ],
      [
        { name: "any thing", kind: "json", values: rows },
        { name: "n", kind: "number", values: Float64Array.of(0.5, 1, -3) },
        { name: "__proto__", kind: "text", values: ["p", "q", "r"] },
      ],
    ),
  );
  expect(found.map(({ votes }) => [...votes])).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
});

it.each([
  {
    source: "x = 1\ny = = 2\ndef label(row): return 1",
    complaint: "line 2: SyntaxError: Expected an expression",
  },
  {
    source: "x = 1\ny = missing\ndef label(row): return 1",
    complaint: "line 2: NameError: name 'missing' is not defined",
  },
  {
    source: "def label(row): return 1\nclass A: pass",
    complaint: "line 2: NotImplementedError: The monty syntax parser does not yet support class definitions",
  },
  {
    source: "def classify(row): return 1",
    complaint: "it defines no function label_function at its top level",
  },
  { source: "def label(row): return 1\nwhile True: pass", complaint: "its top level takes too much time" },
  { source: "def label(row): return 1\nx = 'x' * 10**9", complaint: "its top level takes too much memory" },
])("says why a program does not start: $complaint", async ({ source, complaint }) => {
  const [found] = await runner.run(jobOf([source], texts("a", "b")));
  expect([found.faults, found.complaint]).toEqual([faults({ compile: 2 }), complaint]);
});

it("counts an error a row, and says what the first was", async () => {
  const source = "def label_function(text):\n    return [0][len(text)]\n";
  const [found] = await runner.run(jobOf([source], texts("", "a", "bb", "")));
  expect(found).toEqual({
    votes: Int8Array.of(0, -1, -1, 0),
    faults: faults({ error: 2 }),
    first: { error: 1 },
    cpuMs: expect.any(Number),
    complaint: "IndexError: list index out of range",
  });
});

it.each([
  { what: "time", body: "while text == 'bad': pass", reason: "timeout" as const, first: 700 },
  {
    what: "memory",
    body: "held = ['x' * 1000 for _ in range(10**9 if text == 'bad' else 1)]",
    reason: "killed" as const,
    first: 0,
  },
])(
  "finds the one row of a thousand that takes too much $what, and drops the program",
  async ({ body, reason, first }) => {
    const values = Array.from({ length: 1_000 }, (_, row) => (row === 700 ? "bad" : `row ${row}`));
    const [bad, good] = await runner.run(
      jobOf([`def label_function(text):\n    ${body}\n    return 0\n`, returning("1")], texts(...values)),
    );
    expect([bad.faults[reason] > 0, bad.first, new Set(bad.votes)]).toEqual([
      true,
      { [reason]: first },
      new Set([-1]),
    ]);
    expect([good.faults, new Set(good.votes)]).toEqual([faults(), new Set([1])]);
  },
);

/** JavaScript and Python that say the same. */
const TWINS = [
  [
    TEXT_PROGRAMS[0],
    "import re\ndef label_function(row):\n    return 'spam' if re.search('cash|free', row['text']) else 'ham' if '🙂' in row['text'] else None\n",
  ],
  [
    `const W = new Set(["cash", "lunch?", "10"]); function label({ text }) { let n = 0; for (const w of text.split(" ")) if (W.has(w)) n += 1; return n > 1 ? "spam" : n === 1 ? "ham" : null; }`,
    "W = {'cash', 'lunch?', '10'}\ndef label_function(text):\n    n = sum(1 for w in text.split(' ') if w in W)\n    return 0 if n > 1 else 1 if n == 1 else -1\n",
  ],
  [
    `function label({ text }) { const n = [...text].length; return n % 3 === 0 ? "ham" : text.toLowerCase().split("e").length > 5 ? "spam" : null; }`,
    "def label(row):\n    text = row['text']\n    return 'ham' if len(text) % 3 == 0 else 'spam' if text.lower().count('e') + 1 > 5 else None\n",
  ],
];

it("votes as the same program in JavaScript does, on rows of all kinds", async () => {
  const found = await runner.run(jobOf(TWINS.flat(), mixedTexts(5_000)));
  const votes = found.map((one) => [one.votes, one.faults]);
  expect([votes[1], votes[3], votes[5]]).toEqual([votes[0], votes[2], votes[4]]);
});

it("gives a program every text as it is", async () => {
  const echo = "function label({ text }) { return text.length % 2 ? 'spam' : 'ham'; }";
  // The length in UTF-16, told from code points.
  const twin =
    "def label(text):\n    n = sum(2 if ord(c) > 65535 else 1 for c in text)\n    return 0 if n % 2 else 1\n";
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.string({ unit: fc.constantFrom("\ud800", "\udfff", "😀", "\0", "\\", '"', "\n", "a"), maxLength: 20 }),
    fc.integer({ min: 0, max: 300_000 }).map((length) => "é".repeat(length)),
  );
  // Counting millions of characters takes a busy machine longer than programs have.
  const patient = isolateRunner({ children: 1, limits: { rowMs: 20_000, jobMs: 60_000 } });
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 30 }), async (values) => {
      const [one, other] = await patient.run(jobOf([echo, twin], texts(...values)));
      expect(other.votes).toEqual(one.votes);
    }),
    { numRuns: 25 },
  );
  await patient.close();
});

it("keeps nothing from row to row where each is to be asked anew, beside JavaScript that would", async () => {
  const remembers =
    "seen = []\ndef label(text):\n    seen.append(text)\n    return 0 if len(seen) == 1 else 1\n";
  const counts = "let n = 0; function label() { n += 1; return n === 1 ? 'spam' : 'ham'; }";
  const votes = async (fresh?: "job" | "row") => {
    const job = jobOf([remembers, counts, remembers], texts("a", "b", "c"));
    const outcomes = await runner.run({ ...job, fresh });
    return outcomes.map((outcome) => [...outcome.votes]);
  };
  const [once, anew] = [
    [0, 1, 1],
    [0, 0, 0],
  ];
  expect(await votes("row")).toEqual([anew, anew, anew]);
  expect(await votes("job")).toEqual([once, once, once]);
  expect(await votes("row")).toEqual([anew, anew, anew]);
});

it("does not blame a program for its top level where it runs for each row", async () => {
  const slow = "n = 0\nfor i in range(200000): n += i % 7\ndef label(text):\n    return 1 if n > 0 else 0\n";
  const values = Array.from({ length: 60 }, (_, row) => `${row}`);
  const strict = isolateRunner({ children: 1, limits: { jobMs: 100, averageRowMs: 1 } });
  const [found] = await strict.run({ ...jobOf([slow], texts(...values)), fresh: "row" });
  await strict.close();
  expect([found.faults, new Set(found.votes)]).toEqual([faults(), new Set([1])]);
});

it("says what to do where there is no interpreter, and runs JavaScript all the same", async () => {
  const other = isolateRunner({ children: 1, machine: { platform: "linux", arch: "arm64" } });
  const lack =
    "Python programs need the native module of @pydantic/monty, which is not here for linux-arm64. " +
    'On Lambda, deploy with architecture: "x86_64" in cdk.json; elsewhere, npm ci without --omit=optional brings it where there is one. JavaScript runs everywhere (synthesis.language: javascript).';
  expect([other.lacking?.("javascript"), other.lacking?.("python")]).toEqual([undefined, lack]);
  await expect(other.run(jobOf([returning("1")], texts("a")))).rejects.toMatchObject({
    code: "language-unavailable",
    message: lack,
  });
  const [found] = await other.run(jobOf([TEXT_PROGRAMS[0]], texts("win cash")));
  expect([...found.votes]).toEqual([0]);
  await other.close();
});
