import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sqsStage } from "../../functions/sqs-stage.ts";
import { hashOf } from "../../lib/contracts/hash.ts";
import { AggregateGroup, LabelShard, type Message } from "../../lib/contracts/messages.ts";
import { ObjectNotFoundError } from "../../lib/errors.ts";

const context = { getRemainingTimeInMillis: () => 1_000 } as Parameters<ReturnType<typeof sqsStage>>[1];

const label = (shard: number) =>
  LabelShard.parse({ stage: "label", task: "mail", run: hashOf("run"), shard, hash: hashOf("rows") });

const recordsOf = (...bodies: string[]) => ({
  Records: bodies.map((body, index) => ({ messageId: `message-${index}`, body })),
});

/** Yields the group of its shard; fails for shard 13. */
async function* stage({ task, run, shard }: LabelShard) {
  if (shard === 13) throw new ObjectNotFoundError("work/mail/13");
  yield AggregateGroup.parse({ stage: "aggregate", task, run, group: shard });
}

let sent: Message[];
let lines: Record<string, unknown>[];

const send = async (messages: AsyncIterable<Message>) => {
  for await (const message of messages) sent.push(message);
};

beforeEach(() => {
  sent = [];
  lines = [];
  vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(JSON.parse(String(line))) > 0);
});
afterEach(() => vi.restoreAllMocks());

it("runs the stage once per record and sends what it yields", async () => {
  const handler = sqsStage(LabelShard, stage, send);
  const event = recordsOf(JSON.stringify(label(1)), JSON.stringify(label(2)));
  expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
  expect(sent.map((message) => "group" in message && message.group).sort()).toEqual([1, 2]);
  expect(lines).toEqual([]);
});

it.each([
  { name: "whose stage fails", body: JSON.stringify(label(13)), error: "ObjectNotFoundError" },
  { name: "that is no JSON", body: "<xml>", error: "SyntaxError" },
  { name: "of another stage", body: JSON.stringify({ ...label(1), stage: "publish" }), error: "ZodError" },
])("gives back a message $name, says why, and lets its neighbours pass", async ({ body, error }) => {
  const handler = sqsStage(LabelShard, stage, send);
  const event = recordsOf(JSON.stringify(label(1)), body, JSON.stringify(label(2)));
  expect(await handler(event, context)).toEqual({ batchItemFailures: [{ itemIdentifier: "message-1" }] });
  expect(sent).toHaveLength(2);
  expect(lines).toMatchObject([{ level: "error", messageId: "message-1", body, error }]);
});

it("logs an error of ours with its code, its words and its place", async () => {
  await sqsStage(LabelShard, stage, send)(recordsOf(JSON.stringify(label(13))), context);
  expect(lines).toEqual([
    {
      time: expect.stringMatching(/^\d{4}-.+Z$/),
      level: "error",
      messageId: "message-0",
      body: JSON.stringify(label(13)),
      error: "ObjectNotFoundError",
      code: "object-not-found",
      message: new ObjectNotFoundError("work/mail/13").message,
      stack: expect.stringContaining("sqs-stage.test.ts"),
    },
  ]);
});

it("gives back a message whose successors could not be sent", async () => {
  const handler = sqsStage(LabelShard, stage, async () => {
    throw new Error("the queue is gone");
  });
  expect(await handler(recordsOf(JSON.stringify(label(1))), context)).toEqual({
    batchItemFailures: [{ itemIdentifier: "message-0" }],
  });
});
