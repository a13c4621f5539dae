import { describe, expect, it } from "vitest";
import { keys } from "../lib/contracts/keys.ts";
import type { Message } from "../lib/contracts/messages.ts";
import { FileName } from "../lib/contracts/names.ts";
import { drive } from "../lib/local/drive.ts";
import { advance } from "../lib/pipeline.ts";
import type { ObjectStore, Ports, ProgramRunner, Progress } from "../lib/ports.ts";
import { listPrices } from "../lib/prices/prices.ts";
import { memoryStore, textsOf } from "./support/memory-store.ts";
import { plainRunner } from "./support/plain-runner.ts";
import { silentModel } from "./support/synthesis.ts";
import { taskOf, taskText } from "./support/tasks.ts";

const task = taskOf().name;
const file = FileName.parse("mails.jsonl");
const finds = (word: string, answer: string) =>
  `function label(row) { return row.text.includes("${word}") ? "${answer}" : null; }`;

const PROGRAMS = {
  "free.js": finds("free", "spam"),
  "win.js": finds("win", "spam"),
  "you.js": finds("you", "ham"),
};
const ROWS = [
  { id: 1, text: "free: win now" },
  { id: 2, text: "are you there" },
  { id: 3, text: "nothing" },
];
const linesOf = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

function storeOf({ programs = PROGRAMS as Record<string, string>, rows = ROWS as readonly unknown[] } = {}) {
  return memoryStore({
    [keys.taskFile(task, "task.json")]: taskText({
      synthesis: { programs: 0 },
      input: { id: "id", label: "gold" },
    }),
    [keys.data(task, file)]: linesOf(rows),
    ...Object.fromEntries(
      Object.entries(programs).map(([name, source]) => [`${keys.ownProgramsOf(task)}${name}`, source]),
    ),
  });
}

/** Runs messages to the end; counts what the runner was asked, and what stages said. */
async function run(store: ObjectStore, seeds: Message[], shuffled = false, plain = plainRunner()) {
  const reports: Progress[] = [];
  const jobs: string[][] = [];
  const runner: ProgramRunner = {
    run: (job) => {
      jobs.push(job.programs.map(({ id }) => id));
      return plain.run(job);
    },
  };
  const ports: Ports = {
    store,
    model: silentModel(),
    runner,
    report: (one) => reports.push(one),
    now: () => new Date(0),
  };
  const settings = { prices: listPrices };
  const failures = await drive(
    seeds,
    async function* (message) {
      for await (const next of advance(message, ports, settings)) {
        yield next;
        if (shuffled) yield next;
      }
    },
    shuffled ? 5 : 1,
  );
  return { jobs, reports, failures };
}

const synthesize: Message = { stage: "synthesize", task };
const fanOut: Message = { stage: "fan-out", task, file };
const labelsIn = async (store: ObjectStore) => {
  const texts = await textsOf(store, keys.labelsOf(task, FileName.parse("mails")));
  // The receipt says how long it took.
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !key.endsWith("receipt.json")));
};
const labelsOf = async (store: ObjectStore) =>
  (await textsOf(store, keys.partsOf(task, FileName.parse("mails"))))[
    `${keys.partsOf(task, FileName.parse("mails"))}00000.jsonl`
  ]
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).pseudolabel.label);

describe("the pipeline", () => {
  it("turns rows into pseudolabels, and abstains where no program votes", async () => {
    const store = storeOf();
    const { failures } = await run(store, [synthesize, fanOut]);
    expect(failures).toEqual([]);
    expect(await labelsOf(store)).toEqual(["spam", "ham", null]);
  });

  it("starts data that came before its programs", async () => {
    const [early, usual] = [storeOf(), storeOf()];
    await run(early, [fanOut]);
    expect(await textsOf(early, "outbox/")).toEqual({});
    await run(early, [synthesize]);
    await run(usual, [synthesize, fanOut]);
    expect(await labelsIn(early)).toEqual(await labelsIn(usual));
  });

  it("leaves the same labels when every message comes twice and at once", async () => {
    const rows = Array.from({ length: 45_000 }, (_, id) => ({
      id,
      text: ["free", "you", "-"][id % 3] + (id % 7),
    }));
    const [quiet, busy] = [storeOf({ rows }), storeOf({ rows })];
    await run(quiet, [synthesize, fanOut]);
    const { failures } = await run(busy, [synthesize, synthesize, fanOut, fanOut], true);
    expect(failures).toEqual([]);
    expect(await labelsIn(busy)).toEqual(await labelsIn(quiet));
    expect(Object.keys(await labelsIn(busy)).filter((key) => key.includes("part-"))).toHaveLength(3);
  });

  it("does nothing when nothing changed", async () => {
    const store = storeOf();
    await run(store, [synthesize, fanOut]);
    const before = await textsOf(store);
    const again = await run(store, [synthesize, fanOut]);
    expect(again.jobs).toEqual([]);
    expect(await textsOf(store)).toEqual(before);
  });

  it("runs only the program that was edited, and publishes what a fresh run would", async () => {
    const store = storeOf();
    await run(store, [synthesize, fanOut]);
    await store.put(`${keys.ownProgramsOf(task)}win.js`, finds("nothing", "ham"));
    const { jobs } = await run(store, [synthesize, fanOut]);
    // Before it, the four of screening: rows forward, over and over, backward and alone.
    expect(jobs.slice(4)).toEqual([["win"]]);
    expect(await labelsOf(store)).toEqual(["spam", "ham", "ham"]);

    const fresh = storeOf({ programs: { ...PROGRAMS, "win.js": finds("nothing", "ham") } });
    await run(fresh, [synthesize, fanOut]);
    expect(await labelsIn(store)).toEqual({ ...(await labelsIn(fresh)), ...(await runIdOf(store)) });
  });

  it("computes no vote when only gold labels or columns that no program sees change", async () => {
    const store = storeOf();
    await run(store, [synthesize, fanOut]);
    await store.put(
      keys.data(task, file),
      linesOf(ROWS.map((row) => ({ ...row, gold: "ham", remark: "new" }))),
    );
    const { reports } = await run(store, [synthesize, fanOut]);
    expect(reports.filter(({ stage }) => stage === "label")).toEqual([
      { stage: "label", rows: 3, covered: 2, computed: 0, reused: 9, abstained: 6, faults: 0 },
    ]);
  });

  it("lists rows that cannot be used, and labels the rest", async () => {
    const store = storeOf();
    await store.put(keys.data(task, file), `${linesOf(ROWS)}{"id":4}\nnot json\n`);
    await run(store, [synthesize, fanOut]);
    expect(await labelsOf(store)).toEqual(["spam", "ham", null]);
    const rejected = (await textsOf(store))[keys.rejectedRows(task, FileName.parse("mails"))];
    expect(
      rejected
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        line: 4,
        reason: "no-text",
        message: "text is no field of this row. Expected text.",
        excerpt: '{"id":4}',
      },
      expect.objectContaining({ line: 5, reason: "bad-json", excerpt: "not json" }),
    ]);
  });

  it("lists a row of which programs would see more than fits into their memory, and labels the rest", async () => {
    const store = storeOf();
    const long = "free ".repeat(500_000);
    await store.put(keys.data(task, file), `${linesOf(ROWS)}{"id":4,"text":"${long}"}\n`);
    await run(store, [synthesize, fanOut]);
    expect(await labelsOf(store)).toEqual(["spam", "ham", null]);
    const rejected = (await textsOf(store))[keys.rejectedRows(task, FileName.parse("mails"))];
    expect(JSON.parse(rejected)).toEqual({
      line: 4,
      reason: "too-large",
      message:
        "programs would see 2500000 characters of this row, and at most 2097152 are possible. Split its text into several rows.",
      excerpt: `{"id":4,"text":"${long}`.slice(0, 200),
    });
  });

  it("asks a program about rows on which another run did not, for it had been stopped", async () => {
    const rows = Array.from({ length: 20_001 }, (_, id) => ({ id, text: "free: win now" }));
    const plain = plainRunner();
    const stopsWin: ProgramRunner = {
      run: async (job) => {
        const outcomes = await plain.run(job);
        if (job.scope === undefined) return outcomes;
        return outcomes.map((outcome, index) =>
          job.programs[index].id !== "win"
            ? outcome
            : {
                ...outcome,
                votes: outcome.votes.fill(-1),
                faults: { ...outcome.faults, timeout: 1 },
                ...(outcome.votes.length > 1 && { unasked: true }),
              },
        );
      },
    };
    const store = storeOf({ rows });
    await run(store, [synthesize, fanOut], false, stopsWin);
    await store.put(keys.data(task, file), linesOf(rows.slice(0, 20_000)));
    const { jobs, reports } = await run(store, [synthesize, fanOut]);
    expect(jobs).toEqual([["win"]]);
    expect(reports.filter(({ stage }) => stage === "label")).toEqual([
      {
        stage: "label",
        rows: 20_000,
        covered: 20_000,
        computed: 20_000,
        reused: 40_000,
        abstained: 20_000,
        faults: 0,
      },
    ]);
  });

  it("takes away parts that a smaller file no longer has", async () => {
    const rows = Array.from({ length: 20_001 }, (_, id) => ({ id, text: "free" }));
    const store = storeOf({ rows });
    await run(store, [synthesize, fanOut]);
    await store.put(keys.data(task, file), linesOf(ROWS));
    await run(store, [synthesize, fanOut]);
    expect(Object.keys(await textsOf(store, keys.partsOf(task, FileName.parse("mails"))))).toHaveLength(1);
  });

  it.each([
    ["an empty file", "", "this file is empty"],
    [
      "rows without the text",
      '{"id":1,"txt":"a"}\n',
      "no row can be used: 1 no-text (line 1). Columns found: id, txt.",
    ],
    [
      "a column that labels would be written over",
      '{"text":"a","pseudolabel":1}\n',
      'this file has a column "pseudolabel" already',
    ],
  ])("refuses %s and leaves no labels", async (_name, content, message) => {
    const store = storeOf();
    await store.put(keys.data(task, file), content);
    const { failures } = await run(store, [synthesize]);
    expect(failures.map(({ error }) => (error as Error).message)).toEqual([expect.stringContaining(message)]);
    expect(await labelsIn(store)).toEqual({});
  });
});

/** _SUCCESS names its run, which knows the set before. */
async function runIdOf(store: ObjectStore) {
  const key = keys.success(task, FileName.parse("mails"));
  return { [key]: (await textsOf(store))[key] };
}
