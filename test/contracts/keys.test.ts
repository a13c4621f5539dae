import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dropAt, groupOf, keys } from "../../lib/contracts/keys.ts";
import { BatchIndex, FileName, Hash, ProgramId, ShardIndex, TaskName } from "../../lib/contracts/names.ts";

const taskName = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/)
  .filter((name) => !name.includes(".."))
  .map((name) => TaskName.parse(name));
const fileName = fc
  .string({ minLength: 1, unit: "grapheme" })
  .filter((name) => FileName.safeParse(name).success)
  .map((name) => FileName.parse(name));
const shard = fc.integer({ min: 0, max: 99_999 }).map((index) => ShardIndex.parse(index));
const hash = fc.stringMatching(/^[0-9a-f]{32}$/).map((text) => Hash.parse(text));

/** Every key that names one object, made of the same parts. */
const keysOf = (task: TaskName, file: FileName, index: ShardIndex, one: Hash, other: Hash) => [
  keys.taskFile(task, "task.yaml"),
  keys.gold(task, "gold.csv"),
  keys.data(task, file),
  keys.shippedReply(task, one),
  keys.reply(task, one),
  keys.ledger(task, "replies"),
  keys.ledger(task, "residual"),
  keys.currentSet(task),
  keys.programSet(task, one),
  keys.source(task, one),
  keys.goldRows(task, one),
  keys.shard(task, one, index),
  keys.rejected(task, one, index),
  keys.unpacked(task, one),
  keys.measured(task, file),
  keys.concepts(task),
  keys.pictureEmbeddings(task, one, other),
  keys.textEmbeddings(task, one, other),
  keys.scores(task, one),
  keys.unreadable(task, one, index),
  keys.votes(task, one, other),
  keys.run(task, one),
  keys.wanted(task, file),
  keys.baseline(task, one),
  keys.labeled(task, one, BatchIndex.parse(index)),
  keys.group(task, one, groupOf(BatchIndex.parse(index))),
  keys.labelModel(task, one),
  keys.published(task, one, 1, BatchIndex.parse(index)),
  keys.published(task, one, 2, BatchIndex.parse(index)),
  keys.publishedGroup(task, one, 1, groupOf(BatchIndex.parse(index))),
  keys.program(task, ProgramId.parse("p"), "js"),
  keys.programRecord(task, ProgramId.parse("p")),
  keys.registry(task),
  keys.part(task, file, index, "csv"),
  keys.rejectedRows(task, file),
  keys.receipt(task, file),
  keys.card(task, file),
  keys.report(task, file),
  keys.success(task, file),
  keys.ready(task, file, one, 1),
  keys.labelsFailed(task, file),
  keys.taskFailed(task),
];

describe("keys", () => {
  it("are all different, and stay inside their task", () => {
    fc.assert(
      fc.property(taskName, fileName, shard, hash, hash, (task, file, index, one, other) => {
        const all = keysOf(task, file, index, one, other);
        expect(new Set(all).size).toBe(all.length);
        for (const key of all) {
          expect(key).toMatch(/^(inbox|work|outbox)\/[^/]+\/./);
          expect(key.split("/")).not.toContain("..");
          expect(key.split("/")[1]).toBe(task);
        }
      }),
    );
  });

  it("differ where the task does", () => {
    fc.assert(
      fc.property(taskName, taskName, fileName, shard, hash, (task, otherTask, file, index, one) => {
        fc.pre(task !== otherTask);
        const mine = new Set(keysOf(task, file, index, one, one));
        for (const key of keysOf(otherTask, file, index, one, one)) expect(mine.has(key)).toBe(false);
      }),
    );
  });

  it("list shards and batches in their order", () => {
    fc.assert(
      fc.property(taskName, hash, shard, shard, (task, one, a, b) => {
        fc.pre(a < b);
        const [first, second] = [a, b].map((index) => [
          keys.shard(task, one, index),
          keys.labeled(task, one, BatchIndex.parse(index)),
          keys.published(task, one, 1, BatchIndex.parse(index)),
        ]);
        for (const [position, key] of first.entries()) {
          expect(Buffer.compare(Buffer.from(key), Buffer.from(second[position]))).toBe(-1);
        }
      }),
    );
  });
});

describe("dropAt", () => {
  it("reads what the inbox's keys say", () => {
    fc.assert(
      fc.property(taskName, fileName, (task, file) => {
        expect(dropAt(keys.data(task, file))).toEqual({ kind: "data", task, file });
        expect(dropAt(keys.taskFile(task, "task.yml"))).toEqual({ kind: "task", task });
        expect(dropAt(`${keys.ownProgramsOf(task)}${file}`)).toEqual({ kind: "program", task });
      }),
    );
  });

  it("takes the mark of a folder of pictures for the folder", () => {
    expect(dropAt("inbox/mail/data/cats/_SUCCESS")).toEqual({ kind: "data", task: "mail", file: "cats" });
    expect(dropAt("inbox/mail/data/cats/small/_SUCCESS")).toMatchObject({ kind: "other" });
  });

  it("takes the mark in a folder of documents for the whole folder", () => {
    expect(dropAt("inbox/mail/knowledge/_SUCCESS")).toEqual({ kind: "knowledge", task: "mail" });
  });

  it.each([
    ["work/mail/programs.json", undefined],
    ["inbox/", undefined],
    ["inbox/task.yaml", undefined],
    ["inbox/a..b/task.yaml", undefined],
    ["inbox/mail/notes.csv", undefined],
    ["inbox/mail/knowledge/a.csv", undefined],
    ["inbox/mail/replies/0.json", undefined],
    ["inbox/mail/sub/task.yaml", undefined],
    ["inbox/mail/data/", undefined],
    ["inbox/mail/data/../../other/data/a.csv", "mail"],
    ["inbox/mail/data/sub/a.csv", "mail"],
    ["inbox/mail/data/.hidden.csv", "mail"],
  ])("takes %s for nothing that starts a stage", (key, task) => {
    const drop = dropAt(key);
    expect(drop).toMatchObject({ kind: "other", problem: expect.stringMatching(/./) });
    expect("task" in drop ? drop.task : undefined).toBe(task);
  });
});

describe("names", () => {
  it.each(["", "..", "a..b", "a/b", "-a", "a b", "a\u0000", "é", "x".repeat(65)])(
    "refuse the task name %j",
    (name) => {
      expect(TaskName.safeParse(name).success).toBe(false);
    },
  );

  it.each(["", "..", "a/../b", "a/b", "a\\b", ".hidden", "a\nb", "\ud800", "x".repeat(201)])(
    "refuse the file name %j",
    (name) => {
      expect(FileName.safeParse(name).success).toBe(false);
    },
  );

  it.each(["mails 2026+é.csv", "données.jsonl", "a.b.csv.gz"])("take the file name %j", (name) => {
    expect(FileName.parse(name)).toBe(name);
  });
});
