import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { askingTask, cli, folderOf, ownTask } from "../support/cli.ts";

const YAML = String(ownTask()["task.yaml"]);
describe("alchemist run", () => {
  it("labels a folder, says where the labels are, what they cost and how good they are, and does nothing again", async () => {
    using folder = folderOf(ownTask());
    const first = await cli(["run", folder.path]);
    expect(first.stderr).toBe("");
    expect(first.code).toBe(0);
    const labels = join(folder.path, ".alchemist", "outbox", "labels", "mails");
    expect(readdirSync(labels).sort()).toEqual([
      "_SUCCESS",
      "card.md",
      "part-00000.csv",
      "receipt.json",
      "rejected.jsonl",
      "report.html",
    ]);
    expect(readFileSync(join(labels, "part-00000.csv"), "utf8")).toContain(
      "id,text,label,pseudolabel,pseudolabel_confidence,pseudolabel_source,pseudolabel_p_spam,pseudolabel_p_ham\n1,free money,spam,spam,",
    );
    for (const word of [
      labels,
      "coverage       0.8000",
      "nothing: no model was asked",
      "F1 spam",
      "majority",
      "15 votes computed",
    ]) {
      expect(first.stdout).toContain(word);
    }
    expect((await cli(["run", folder.path])).stdout).toContain(
      "nothing to do: 0 model calls ($0.0000), 0 replies replayed · 0 votes computed, 0 found",
    );
  });

  it("keeps everything under --out, takes other data and another format, and prints JSON for machines", async () => {
    using folder = folderOf(ownTask({ "elsewhere/new.jsonl": '{"text":"you win","id":7}\n' }));
    const out = join(folder.path, "out");
    const { code, stdout } = await cli([
      "run",
      folder.path,
      "--out",
      out,
      "--data",
      join(folder.path, "elsewhere", "new.jsonl"),
      "--format",
      "csv",
      "--json",
    ]);
    expect(code).toBe(0);
    const { labels, receipt } = JSON.parse(stdout);
    expect(labels).toBe(join(out, "labels", "new"));
    expect(receipt.labels).toMatchObject({ format: "csv", covered: 1, classes: { spam: 1, ham: 0 } });
    expect(readdirSync(out).sort()).toEqual(["labels", "programs", "work"]);
    expect(existsSync(join(folder.path, ".alchemist"))).toBe(false);
  });

  it.each([
    [
      "a folder that is not there",
      {},
      "there is no such folder. Give the folder that holds task.yaml.",
      "nowhere",
    ],
    ["a folder without a task", { "data/a.csv": "x\n" }, "there is no task.yaml in this folder.", ""],
    [
      "two task files",
      { ...ownTask(), "task.json": "{}" },
      "found task.yaml and task.json. Keep one of them.",
      "",
    ],
    [
      "a task without data",
      { "task.yaml": YAML },
      "there is no data to label. Put a .csv, .tsv, .jsonl or .parquet file there",
      "",
    ],
    [
      "an unknown format",
      ownTask({ "data/b.xlsx": "x" }),
      "data/b.xlsx: this name says no format that can be read.",
      "",
    ],
    [
      "two files of one name",
      ownTask({ "data/mails.jsonl": "{}" }),
      'mails.csv and mails.jsonl would both be labeled as "mails". Rename one.',
      "",
    ],
    ["an empty file", ownTask({ "data/mails.csv": "" }), "data/mails.csv: this file is empty.", ""],
    [
      "a header without rows",
      ownTask({ "data/mails.csv": "id,text,label\n" }),
      "data/mails.csv: this file has a header and no rows.",
      "",
    ],
    [
      "a column that is not there",
      ownTask({ "data/mails.csv": "id;text\n1;a\n" }),
      'data/mails.csv: there is no column "text". Correct input.text in task.yaml: the file has "id;text". Its cells seem to be separated by ";"',
      "",
    ],
    [
      "a field that is unknown",
      { ...ownTask(), "task.yaml": `${YAML}lables: 3\n` },
      "task.yaml:6: lables: this field is unknown.",
      "",
    ],
    ["a class named twice", { ...ownTask(), "task.yaml": YAML.replace("ham:", "spam:") }, "task.yaml:3", ""],
    [
      "a program that is none",
      ownTask({ "programs/see.js": "label = 1 +", "programs/win.js": "?", "programs/free.js": "?" }),
      "Mend programs/free.js, programs/see.js, programs/win.js: docs/programs.md has a remedy for each reason.\n",
      "",
    ],
    [
      "a task file instead of its folder",
      ownTask(),
      "this is a file. Give the folder that holds",
      "task.yaml",
    ],
  ])("refuses %s in one message", async (_name, files, message, below) => {
    using folder = folderOf(files);
    const { code, stderr, stdout } = await cli(["run", join(folder.path, below)]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  it("says that a price list cannot be read, without the place in the program", async () => {
    using folder = folderOf(ownTask());
    const { code, stderr } = await cli(["plan", folder.path, "--prices", "nowhere.json"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^alchemist: nowhere\.json: cannot be read: ENOENT.*\.\n$/);
  });

  it("refuses a folder as data, and says where pictures go", async () => {
    using folder = folderOf(ownTask());
    const { code, stderr } = await cli(["run", folder.path, "--data", join(folder.path, "data")]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "this is a folder. Name a file; a folder of pictures goes into data/ of the task",
    );
  });

  it("labels the other files where one cannot be used, and fails for that one", async () => {
    using folder = folderOf(ownTask({ "data/empty.csv": "" }));
    const { code, stdout, stderr } = await cli(["run", folder.path]);
    expect(code).toBe(1);
    expect(stderr).toContain("data/empty.csv: this file is empty.");
    expect(stdout).toContain("mail · mails.csv");
    expect(stdout).not.toContain("empty.csv");
  });

  it("writes labels again that somebody took away", async () => {
    using folder = folderOf(ownTask());
    await cli(["run", folder.path]);
    const part = join(folder.path, ".alchemist", "outbox", "labels", "mails", "part-00000.csv");
    const before = readFileSync(part, "utf8");
    rmSync(part);
    const { stdout } = await cli(["run", folder.path]);
    expect(stdout).toContain("no new votes: 0 model calls");
    expect(readFileSync(part, "utf8")).toBe(before);
  });

  it("says that labels cannot be written where a file stands in the way", async () => {
    using folder = folderOf(ownTask({ taken: "" }));
    const { code, stderr } = await cli(["run", folder.path, "--out", join(folder.path, "taken")]);
    expect(code).toBe(1);
    expect(stderr).toContain("a file stands where a folder is needed. Choose another with --out DIR");
  });

  it("leaves out gold values that are no class, and says so", async () => {
    using folder = folderOf(ownTask({ "data/mails.csv": "id,text,label\n1,free,SPAM\n2,see you,ham\n" }));
    const { stdout } = await cli(["run", folder.path]);
    expect(stdout).toContain('1 gold values are no class of the task and were left out, such as "SPAM"');
  });

  it("knows a mistyped option", async () => {
    const { code, stderr } = await cli(["run", "x", "--fromat", "csv"]);
    expect(code).toBe(1);
    expect(stderr).toContain("unknown option '--fromat'");
    expect(stderr).toContain("Did you mean --format?");
  });

  it("teaches in its help", async () => {
    const { code, stdout } = await cli(["run", "--help"]);
    expect(code).toBe(0);
    for (const word of ["--out <dir>", "--llm <mode>", "_SUCCESS last", "goes on where it was"])
      expect(stdout).toContain(word);
  });
});

describe("alchemist plan", () => {
  it("says what a run will ask and cost, and asks and writes nothing", async () => {
    using folder = folderOf(askingTask());
    const { code, stdout } = await cli(["plan", folder.path]);
    expect(code).toBe(0);
    for (const word of ["mail · 5 rows", "to gpt-4o-mini", "cap $1.0000", "programs are cheaper from"])
      expect(stdout).toContain(word);
    expect(existsSync(join(folder.path, ".alchemist", "outbox"))).toBe(false);
    const { synthesis, verify, usd } = JSON.parse((await cli(["plan", folder.path, "--json"])).stdout);
    expect(synthesis.calls).toEqual({ low: 1, mean: 1.07, high: 1.5 });
    expect(verify).toMatchObject({ rows: 5, calls: 1 });
    expect(usd.low).toBeGreaterThan(0);
  });
});

describe("alchemist evaluate", () => {
  it("wants a run first, then compares it with gold", async () => {
    using folder = folderOf(ownTask());
    expect((await cli(["evaluate", folder.path])).stderr).toContain(
      "it is not labeled yet. Run alchemist run",
    );
    await cli(["run", folder.path]);
    const { rows, coverage, chosen } = JSON.parse((await cli(["evaluate", folder.path, "--json"])).stdout);
    expect({ rows, coverage }).toEqual({ rows: 5, coverage: 0.8 });
    expect(chosen.classes.spam.recall).toBe(1);
  });
});
