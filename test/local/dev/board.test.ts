import { describe, expect, it } from "vitest";
import { hashOf } from "../../../lib/contracts/hash.ts";
import { board } from "../../../lib/local/dev/page/board.ts";
import { runOf } from "../../support/runs.ts";

const run = hashOf("run");
const failed = (message: string) =>
  Buffer.from(
    JSON.stringify({ code: "invalid-input", message, retried: false, failed: "2026-11-30T00:00:00Z" }),
  );
const put = "ObjectCreated:Put";
const removed = "ObjectRemoved:Delete";

/** A board that was told of a task, its data and its run. */
function told() {
  const seen = board();
  const objects = new Map<string, Uint8Array>([
    [`work/mail/runs/${run}/run.json`, Buffer.from(JSON.stringify(runOf()))],
  ]);
  const object = (key: string, event: typeof put | typeof removed = put, body?: Uint8Array) => {
    if (body) objects.set(key, body);
    seen.object({ key, event }, (one) => objects.get(one) ?? new Uint8Array());
  };
  object("inbox/mail/task.yaml");
  object("inbox/mail/data/mails.csv");
  object(`work/mail/runs/${run}/run.json`);
  const log = (message: string, more: object) =>
    seen.log({ level: "INFO", message, task: "mail", run, ...more });
  return { object, log, raw: seen.log, file: () => seen.state()[0].files[0], task: () => seen.state()[0] };
}

describe("the board", () => {
  it("follows a file from its drop to its labels", () => {
    const { object, log, file } = told();
    expect(file()).toEqual({
      name: "mails",
      file: "mails.csv",
      state: "working",
      stages: {},
      done: 0,
      report: false,
      receipt: false,
    });
    log("fan-out", { file: "mails.csv", rows: 1_000 });
    log("label", { rows: 1_000 });
    log("aggregate", { labelModel: "auto", patterns: 40 });
    log("publish", { rows: 500 });
    expect(file()).toMatchObject({
      done: 0.5,
      stages: {
        split: "1,000 rows",
        vote: "1,000 rows",
        "label model": "auto, 40 vote patterns",
        publish: "500 rows",
      },
    });
    for (const name of ["receipt.json", "report.html", "_SUCCESS"])
      object(`outbox/mail/labels/mails/${name}`);
    expect(file()).toMatchObject({ state: "ready", done: 1, report: true, receipt: true });
  });

  it("never shows more rows than there are, though messages come twice", () => {
    const { log, file } = told();
    log("fan-out", { file: "mails.csv", rows: 10 });
    for (const _ of [1, 2]) log("publish", { rows: 10 });
    expect(file()).toMatchObject({ done: 1, stages: { publish: "10 rows" } });
  });

  it("says that the receipt of labels is missing once somebody took it away", () => {
    const { object, file } = told();
    for (const name of ["receipt.json", "report.html", "_SUCCESS"])
      object(`outbox/mail/labels/mails/${name}`);
    object("outbox/mail/labels/mails/receipt.json", removed);
    expect(file()).toMatchObject({ state: "ready", report: true, receipt: false });
  });

  it("tells why a file is refused, until it is dropped again", () => {
    const { object, file } = told();
    object("outbox/mail/labels/mails/_FAILED.json", put, failed("data/mails.csv: this file is empty."));
    expect(file()).toMatchObject({ state: "refused", problem: "data/mails.csv: this file is empty." });
    object("inbox/mail/data/mails.csv");
    expect(file()).toMatchObject({ state: "working", problem: undefined });
  });

  it("has a file wait for its task where that is refused, until it is mended", () => {
    const { object, file, task } = told();
    object("outbox/mail/_FAILED.json", put, failed("There is no program."));
    expect(task().problem).toBe("There is no program.");
    expect(file()).toMatchObject({ state: "waiting", done: 0 });
    object("inbox/mail/task.yaml");
    expect(file()).toMatchObject({ state: "working", done: 0 });
  });

  it("tells of what fails and is tried again, until it goes on", () => {
    const { log, raw, task } = told();
    const body = JSON.stringify({ stage: "label", task: "mail" });
    raw({ level: "ERROR", message: "A message failed", body, error: { message: "No space left." } });
    expect(task().problem).toBe("No space left. It is tried again.");
    log("label", { rows: 1 });
    expect(task().problem).toBeUndefined();
  });

  it("shows nothing of what starts nothing, and hears of no task in a message that is none of ours", () => {
    const { object, raw, task } = told();
    const before = task();
    object("inbox/mail/data/notes.txt");
    object("inbox/mail/data/cat.jpg");
    for (const body of ["not JSON", "null", '{"task":1}', undefined]) {
      raw({ level: "ERROR", message: "A message failed", body, error: { message: "Bad." } });
    }
    expect(task()).toEqual(before);
  });

  it("begins anew with another run", () => {
    const { object, log, file } = told();
    log("fan-out", { file: "mails.csv", rows: 10 });
    log("label", { rows: 10 });
    object(`work/mail/runs/${hashOf("next")}/run.json`, put, Buffer.from(JSON.stringify(runOf())));
    expect(file()).toMatchObject({ state: "working", stages: {}, done: 0 });
  });
});
