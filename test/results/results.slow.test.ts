import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { KnownSets } from "../../bench/results/figures.ts";
import { measureHumans } from "../../bench/results/measure-humans.ts";
import { measureResults } from "../../bench/results/measure-results.ts";
import { measureTask } from "../../bench/results/measure-task.ts";
import { outOf } from "../../bench/results/recorded-run.ts";
import { cli, exampleCopy, folderOf } from "../support/cli.ts";

const root = join(import.meta.dirname, "..", "..");

describe("npm run results", () => {
  it("shows the accuracy that alchemist evaluate prints, and replays rows", {
    timeout: 120_000,
  }, async () => {
    using copy = exampleCopy("penguins");
    const run = await cli(["run", copy.path, "--out", outOf(copy.path, "all"), "--json"]);
    const { evaluation } = JSON.parse(run.stdout);
    const figures = await measureTask(copy.path);
    if (typeof figures === "string") throw new Error(figures);
    const { coverage, accuracy, macroF1 } = evaluation.chosen;
    expect(figures.all.auto).toEqual({ coverage, accuracy, macroF1 });
    expect(figures.replay).toEqual({ rows: 344, votes: 3_440, stopped: 0 });
  });

  it("says which strategy's replies are missing, and measures the others as if they were the task's only ones", {
    timeout: 120_000,
  }, async () => {
    using copy = exampleCopy("penguins");
    const whole = await measureTask(copy.path);
    const replies = join(copy.path, "replies");
    const ofRules = readdirSync(replies).filter((file) =>
      readFileSync(join(replies, file), "utf8").includes("This is rules-"),
    );
    rmSync(join(replies, ofRules[0]));
    const partial = await measureTask(copy.path);
    if (typeof whole === "string" || typeof partial === "string") throw new Error("nothing was measured");
    expect(partial).toMatchObject({
      strategies: { general: whole.strategies.general, rules: "replies missing" },
      all: whole.strategies.general,
      cost: null,
      replay: null,
    });

    rmSync(replies, { recursive: true });
    expect(await measureTask(copy.path)).toBe("no strategy's replies are all recorded (general, rules)");
  });

  it("sets human-written functions beside recorded programs on the same rows", {
    timeout: 120_000,
  }, async () => {
    using sets = folderOf({
      "votes/review-sentences_test.json": JSON.stringify({
        classes: ["positive", "negative"],
        votes: [
          [0, -1],
          [-1, 1],
          [0, 1],
        ],
        labels: [0, 1, 1],
      }),
      "review-sentences/test.jsonl": `{"id":"1","text":"A great film.","label":"positive"}
{"id":"2","text":"Terrible food, never again.","label":"negative"}
{"id":"3","text":"Great name, awful phone.","label":"negative"}
`,
    });
    const [alone] = await measureHumans(sets.path, undefined);
    expect(alone).toMatchObject({
      name: "review-sentences",
      human: { programs: 2, rows: 3, programCoverage: 2 / 3, programAccuracy: 3 / 4, conflict: 1 / 3 },
      synthesized: "replies missing",
    });
    const [beside] = await measureHumans(sets.path, join(root, "examples"));
    expect(beside.synthesized).toMatchObject({ programs: 10, rows: 3, auto: { coverage: 1 } });
  });

  it("keeps known figures of a set whose folder is not given, and replaces those of one that is", async () => {
    using empty = folderOf({ "none.txt": "" });
    using other = folderOf({ "set/task.yaml": TASK, "set/data/a.csv": "id,text,label\n1,yes,y\n2,no,n\n" });
    mkdirSync(join(other.path, "set/programs"));
    for (const word of ["yes", "no"]) {
      const source = `function label(row) { return row.text === "${word}" ? "${word[0]}" : null; }`;
      writeFileSync(join(other.path, "set/programs", `${word}.js`), source);
    }
    const measure = (known: KnownSets, replies?: string) =>
      measureResults(empty.path, known, { replies }, () => {});
    const { sets } = await measure({ tasks: [], humans: [] }, other.path);
    expect(sets.tasks).toMatchObject([{ name: "set", rows: 2, all: { auto: { accuracy: 1 } } }]);
    const old = { ...sets, tasks: sets.tasks.map((task) => ({ ...task, rows: 7 })) };
    expect((await measure(old)).sets).toEqual(old);
    expect((await measure(old, other.path)).sets).toEqual(sets);
  });
});

const TASK = `name: set
description: Decide what was said.
classes: [y, n]
input: { text: text, id: id, label: label }
synthesis: { programs: 0 }
`;
