import { expect, it } from "vitest";
import { DroppedObjects } from "../../lib/contracts/s3-event.ts";
import { intake } from "../../lib/intake/stage.ts";
import type { Progress } from "../../lib/ports.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";

const now = () => new Date("2026-01-31T12:00:00Z");

/** An event as S3 sends it, the key encoded as S3 encodes it. */
const eventOf = (...keys: string[]) => ({
  Records: keys.map((key) => ({
    eventVersion: "2.6",
    eventSource: "aws:s3",
    eventName: "ObjectCreated:Put",
    s3: { bucket: { name: "b" }, object: { key, size: 1, eTag: "e", sequencer: "0" } },
  })),
});

async function taken(event: unknown) {
  const store = memoryStore();
  const reports: Progress[] = [];
  const ports = { store, now, report: (progress: Progress) => reports.push(progress) };
  const messages = await Array.fromAsync(intake(DroppedObjects.parse(event), ports));
  return { messages, reports, texts: await textsOf(store) };
}

it("starts synthesize for tasks and programs, and fan-out for data", async () => {
  const { messages, reports, texts } = await taken(
    eventOf("inbox/mail/task.yaml", "inbox/mail/programs/mine.js", "inbox/mail/data/a.csv"),
  );
  expect(messages).toEqual([
    { stage: "synthesize", task: "mail" },
    { stage: "synthesize", task: "mail" },
    { stage: "fan-out", task: "mail", file: "a.csv" },
  ]);
  expect([reports, texts]).toEqual([[], {}]);
});

it.each([
  ["inbox/mail/data/my+mails+%282026%29.csv", "my mails (2026).csv"],
  ["inbox/mail/data/a%2Bb.csv", "a+b.csv"],
  ["inbox/mail/data/donn%C3%A9es.jsonl", "données.jsonl"],
  ["inbox%2Fmail%2Fdata%2Fa.csv", "a.csv"],
])("reads the key %s as S3 encodes it", async (key, file) => {
  expect((await taken(eventOf(key))).messages).toEqual([{ stage: "fan-out", task: "mail", file }]);
});

it("takes a removed program for a change of the set, and removed data for nothing", async () => {
  const event = eventOf("inbox/mail/programs/mine.js", "inbox/mail/data/a.csv");
  for (const record of event.Records) record.eventName = "ObjectRemoved:Delete";
  expect((await taken(event)).messages).toEqual([{ stage: "synthesize", task: "mail" }]);
});

it("takes the event that S3 sends as a test for nothing", async () => {
  const test = { Service: "Amazon S3", Event: "s3:TestEvent", Time: "2026-01-31T12:00:00.000Z", Bucket: "b" };
  expect(await taken(test)).toEqual({ messages: [], reports: [], texts: {} });
});

it("says of a key outside the layout that it starts nothing", async () => {
  const { messages, reports, texts } = await taken(eventOf("inbox/a..b/data/a.csv", "inbox/mail/notes.csv"));
  expect(messages).toEqual([]);
  expect(reports).toEqual([
    { stage: "intake", key: "inbox/a..b/data/a.csv", ignored: expect.stringContaining("without '..'") },
    { stage: "intake", key: "inbox/mail/notes.csv", ignored: "this place in a task's folder starts nothing" },
  ]);
  expect(texts).toEqual({});
});

it("writes down where its user looks that a data file's name cannot be used", async () => {
  const { messages, reports, texts } = await taken(eventOf("inbox/mail/data/sub/a.csv"));
  expect(messages).toEqual([]);
  expect(reports).toHaveLength(2);
  expect(JSON.parse(texts["outbox/mail/_FAILED.json"])).toEqual({
    code: "invalid-input",
    message:
      "inbox/mail/data/sub/a.csv: a data file needs a name without slashes and control characters, directly in data/. Rename it and drop it again.",
    retried: false,
    failed: "2026-01-31T12:00:00.000Z",
  });
});

it("refuses what is no event of S3", () => {
  expect(DroppedObjects.safeParse({ Records: [{ eventName: "x" }] }).success).toBe(false);
});
