import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cli, folderOf, ownTask } from "../support/cli.ts";

/** A labeled task folder; `work` and `labels` are where its state and its results lie. */
async function labeled(more: Record<string, string> = {}) {
  const folder = folderOf(ownTask(more));
  expect(await cli(["run", folder.path])).toMatchObject({ code: 0 });
  const state = join(folder.path, ".alchemist");
  return { ...folder, work: join(state, "work"), labels: join(state, "outbox", "labels", "mails") };
}

/** Replaces text in the one file below a folder that holds it. */
function tamper(folder: string, from: string, to: string): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path, "latin1").includes(from));
  expect(files).toHaveLength(1);
  writeFileSync(files[0], readFileSync(files[0], "latin1").replace(from, to), "latin1");
}

describe("alchemist explain", () => {
  it("says who voted for what, what it weighs, and that a replay gives the same", async () => {
    using task = await labeled();
    const { code, stdout } = await cli(["explain", task.path, "5", "--replay", "--json"]);
    expect(code).toBe(0);
    const { run, labelModel, probabilities, confidence, ...rest } = JSON.parse(stdout);
    expect([run, labelModel.hash].every((hash) => /^[0-9a-f]{32}$/.test(hash))).toBe(true);
    expect(Object.keys(probabilities)).toEqual(["spam", "ham"]);
    expect(confidence).toBe(Math.max(...(Object.values(probabilities) as number[])));
    const { programs, ...row } = rest;
    expect(row).toEqual({
      file: "mails.csv",
      row: 5,
      id: "5",
      label: expect.any(String),
      by: "programs",
      cells: { text: "free for lunch? see you" },
      replay: { rows: 1, votes: 3, stopped: 0, parts: 1 },
    });
    expect(programs.map(({ id, vote }: { id: string; vote: string }) => [id, vote])).toEqual([
      ["free", "spam"],
      ["see", "ham"],
      ["win", null],
    ]);
  });

  it("casts the votes of Python programs again too", async () => {
    using task = await labeled({
      "programs/ten.py": 'def label(row):\n    return "ham" if "ten" in row["text"] else None\n',
    });
    const { stdout } = await cli(["explain", task.path, "2", "--replay"]);
    expect(stdout).toContain("4 votes cast again and 1 part made again, byte-identical");
  });

  it("lets no column's name write to the terminal what it likes", async () => {
    using task = await labeled({
      "task.yaml": `name: mail
description: Decide whether a message is spam.
modality: record
classes: [spam, ham]
input: { id: id }
synthesis: { programs: 0 }
`,
      "data/mails.csv": "id,text,vibration in mm/s \u001b[2J\n1,you win,free\n",
    });
    const { stdout } = await cli(["explain", task.path, "1"]);
    expect(stdout.split("\n").slice(1, 4)).toEqual([
      '  text                         "you win"',
      '  vibration in mm/s \\u001b[2J  "free"',
      expect.stringMatching(/^ {2}label {24}"spam" with confidence 0\.\d+$/),
    ]);
  });

  it("explains a row without a vote, by its number too", async () => {
    using task = await labeled();
    const { stdout } = await cli(["explain", task.path, "#3", "--replay"]);
    expect(stdout).toContain('mail · mails.csv · row #3 · "3"');
    expect(stdout).toContain("3 votes cast again and 1 part made again, byte-identical");
    expect(stdout).toContain("none: every program abstained");
  });

  it("replays programs in Python", async () => {
    using task = await labeled({
      "programs/free.py": 'def label_function(text):\n    return 0 if "free" in text else -1',
    });
    const { stdout } = await cli(["explain", task.path, "5", "--replay", "--json"]);
    expect(JSON.parse(stdout).replay).toEqual({ rows: 1, votes: 4, stopped: 0, parts: 1 });
  });

  it("needs no receipt", async () => {
    using task = await labeled();
    rmSync(join(task.labels, "receipt.json"));
    expect((await cli(["explain", task.path, "1", "--replay"])).stdout).toContain("byte-identical");
  });

  it("replays many rows at once", async () => {
    using task = await labeled();
    const { stdout } = await cli(["explain", task.path, "--sample", "1000", "--replay", "--json"]);
    expect(JSON.parse(stdout)).toEqual({
      file: "mails.csv",
      replay: { rows: 5, votes: 15, stopped: 0, parts: 1 },
    });
  });

  it.each([
    [
      "program",
      "work",
      'includes(\\"free\\")',
      'includes(\\"fred\\")',
      "the stored program free is not the one that voted",
    ],
    ["row in the labels", "labels", "1,free money", "1,free honey", "from byte"],
    ["label", "labels", "free money,spam,spam", "free money,spam,sham", "from byte"],
    ["label model", "work", '"name":"auto"', '"name":"majority"', "from byte"],
  ])("refuses a changed %s, and says what differs", async (_name, where, from, to, message) => {
    using task = await labeled();
    const folder = where === "work" ? task.work : task.labels;
    tamper(folder, from, to);
    const { code, stderr } = await cli(["explain", task.path, "1", "--replay"]);
    expect(code).toBe(1);
    expect(stderr).toContain("The replay differs: ");
    expect(stderr).toContain(message);
  });

  it("refuses a changed vote, naming row, program and both votes", async () => {
    using task = await labeled();
    const votes = join(task.work, "votes");
    const [path] = readdirSync(votes, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const bytes = readFileSync(path);
    // The last column is that of "win", five rows: the fourth is the one that says so.
    bytes[bytes.length - 2] = 1;
    writeFileSync(path, bytes);
    expect((await cli(["explain", task.path, "4", "--replay"])).stderr).toBe(
      'alchemist: The replay differs: row #4: the stored vote of win is "ham", and it votes "spam".\n',
    );
  });

  it("refuses what programs saw when a byte of it was changed", async () => {
    using task = await labeled();
    const shards = join(task.work, "sources");
    const [path] = readdirSync(shards, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.parentPath.endsWith("shards"))
      .map((entry) => join(entry.parentPath, entry.name));
    const bytes = readFileSync(path);
    bytes[bytes.indexOf("money")] = 0x68;
    writeFileSync(path, bytes);
    expect((await cli(["explain", task.path, "1", "--replay"])).stderr).toBe(
      "alchemist: The replay differs: what programs see of the rows #1 to #5 was changed since they voted.\n",
    );
  });

  it.each([
    [
      "an id that no row has",
      ["77"],
      'mails.csv: row "77": no row that was labeled has this id in the column "id".',
    ],
    ["a number past the end", ["#6"], 'mails.csv: row "#6": there is no such row. Give #1 to #5.'],
    [
      "no row at all",
      [],
      "explain: give one row, by its id or its number (#12), or --sample N with --replay.",
    ],
    [
      "a sample that is not replayed",
      ["--sample", "3"],
      "--sample: rows are drawn to be replayed: add --replay.",
    ],
  ])("refuses %s", async (_name, args, message) => {
    using task = await labeled();
    const { code, stderr } = await cli(["explain", task.path, ...args]);
    expect({ code, starts: stderr.startsWith(`alchemist: ${message}`) }).toEqual({ code: 1, starts: true });
  });

  it("refuses an id that several rows have, and names their numbers", async () => {
    using task = await labeled({ "data/mails.csv": "id,text,label\n7,free,spam\n7,see you,ham\n" });
    expect((await cli(["explain", task.path, "7"])).stderr).toBe(
      'alchemist: mails.csv: row "7": several rows have this id: #1, #2. Give one of these numbers.\n',
    );
  });

  it("refuses a row of another data file of the same name", async () => {
    using task = await labeled();
    using other = folderOf({ "mails.csv": "id,text,label\n1,you win,spam\n" });
    const { code, stderr } = await cli(["explain", task.path, "1", "--data", join(other.path, "mails.csv")]);
    expect(code).toBe(1);
    expect(stderr).toContain("the labels of mails are of another file of this name.");
  });

  it("asks which file is meant where the task has several, and for a run where there is none", async () => {
    using task = await labeled();
    writeFileSync(join(task.path, "data", "more.csv"), "id,text,label\n1,you win,spam\n");
    expect((await cli(["explain", task.path, "1"])).stderr).toBe(
      "alchemist: --data: the task has several data files: mails.csv, more.csv. Name the row's file.\n",
    );
    expect(
      (await cli(["explain", task.path, "1", "--data", join(task.path, "data", "more.csv")])).stderr,
    ).toBe(
      "alchemist: more.csv: it is not labeled yet, or its labels are being written. Run alchemist run first.\n",
    );
  });
});
