import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it, vi } from "vitest";
import { type EventSource, type Handler, pollQueue } from "../../../lib/local/dev/event-source.ts";
import { awsServer } from "../../support/aws-server.ts";

/** A queue with one for dead letters behind it, polled for a handler. */
async function polled(
  handler: Handler,
  { fifo = false, delay = "0", ...more }: Partial<EventSource> & { fifo?: boolean; delay?: string } = {},
) {
  const server = await awsServer();
  const client = new SQSClient({ ...server.clientSettings, useQueueUrlAsEndpoint: false });
  const ending = fifo ? ".fifo" : "";
  const own: Record<string, string> = fifo ? { FifoQueue: "true" } : {};
  const [queue, dead] = [`queue${ending}`, `dead${ending}`];
  server.createQueue(dead, own);
  const QueueUrl = server.createQueue(queue, {
    ...own,
    VisibilityTimeout: "900",
    DelaySeconds: delay,
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: server.arnOf(dead), maxReceiveCount: 3 }),
  });
  const send = (content: unknown, group?: string) =>
    client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: JSON.stringify(content),
        ...(group && { MessageGroupId: group, MessageDeduplicationId: JSON.stringify([group, content]) }),
      }),
    );
  const errors: unknown[] = [];
  const source: EventSource = {
    stage: "stage",
    queueUrl: QueueUrl,
    queueArn: server.arnOf(queue),
    handler,
    batchSize: 10,
    concurrency: 1,
    ...more,
  };
  const start = () => pollQueue(source, { client, retrySeconds: 0, onError: (error) => errors.push(error) });
  return {
    send,
    errors,
    start,
    waiting: () => server.messagesIn(queue),
    dead: () => server.messagesIn(dead),
    underWay: () => server.sqsStore.inspectQueue(queue)?.messages.inflight.length,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Calls of a handler, by what their messages said; `answer` decides what each gives back. */
function recording(answer: (bodies: unknown[]) => unknown[] | Promise<unknown[]> = () => []) {
  const calls: unknown[][] = [];
  const handler: Handler = async ({ Records }) => {
    const bodies = Records.map(({ body }) => JSON.parse(body));
    calls.push(bodies);
    const failed = await answer(bodies);
    const batchItemFailures = Records.filter((_, index) => failed.includes(bodies[index])).map(
      ({ messageId }) => ({ itemIdentifier: messageId }),
    );
    return { batchItemFailures };
  };
  return { calls, handler };
}

const soon = { timeout: 10_000, interval: 5 };

describe("a queue that starts a function", () => {
  it("hands over batches, and keeps no message that is done", async () => {
    const { calls, handler } = recording();
    await using queue = await polled(handler, { batchSize: 4 });
    for (let number = 0; number < 10; number++) await queue.send(number);
    const poll = queue.start();
    await vi.waitFor(() => expect(calls.flat()).toHaveLength(10), soon);
    await poll.stop();
    expect(calls.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect([queue.waiting(), queue.underWay(), queue.dead()]).toEqual([[], 0, []]);
  });

  it("gives a record and a context as Lambda does", async () => {
    const seen: Parameters<Handler>[] = [];
    await using queue = await polled(async (...args) => {
      seen.push(args);
      return { batchItemFailures: [] };
    });
    await queue.send("body");
    const poll = queue.start();
    await vi.waitFor(() => expect(seen).toHaveLength(1), soon);
    await poll.stop();
    const [event, context] = seen[0];
    expect(event.Records[0]).toMatchObject({
      messageId: expect.any(String),
      body: '"body"',
      attributes: { ApproximateReceiveCount: "1", SentTimestamp: expect.stringMatching(/^\d+$/) },
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:queue",
      awsRegion: "us-east-1",
    });
    expect(context.functionName).toBe("stage");
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(14 * 60_000);
  });

  it("shows a message again that is given back, three times in all, then puts it aside; its neighbours pass", async () => {
    const { calls, handler } = recording(() => ["bad"]);
    await using queue = await polled(handler);
    for (const body of ["good", "bad", "fine"]) await queue.send(body);
    const poll = queue.start();
    await vi.waitFor(() => expect(queue.dead()).toEqual(["bad"]), soon);
    await poll.stop();
    expect(calls.flat().toSorted()).toEqual(["bad", "bad", "bad", "fine", "good"]);
    expect([queue.waiting(), queue.underWay()]).toEqual([[], 0]);
  });

  it.each<{ name: string; fail: Handler; told: string[] }>([
    { name: "throws, and tells why", fail: async () => Promise.reject(new Error("no")), told: ["Error: no"] },
    {
      name: "gives back what nobody sent",
      fail: async () => ({ batchItemFailures: [{ itemIdentifier: "?" }] }),
      told: [],
    },
  ])("takes the whole batch for failed where the function $name", async ({ fail, told }) => {
    await using queue = await polled(fail);
    await queue.send(1);
    await queue.send(2);
    const poll = queue.start();
    await vi.waitFor(() => expect(queue.dead()).toHaveLength(2), soon);
    await poll.stop();
    expect([...new Set(queue.errors.map(String))]).toEqual(told);
  });

  it("calls the function as often at once as it may, and no oftener", async () => {
    let [running, most] = [0, 0];
    const { calls, handler } = recording(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
      return [];
    });
    await using queue = await polled(handler, { batchSize: 1, concurrency: 3 });
    for (let number = 0; number < 9; number++) await queue.send(number);
    const poll = queue.start();
    await vi.waitFor(() => expect(calls).toHaveLength(9), soon);
    await poll.stop();
    expect(most).toBe(3);
  });

  it("waits for a message that is late", async () => {
    const { calls, handler } = recording();
    await using queue = await polled(handler, { delay: "1" });
    const sentAt = performance.now();
    await queue.send("late");
    const poll = queue.start();
    await vi.waitFor(() => expect(calls).toEqual([["late"]]), soon);
    expect(performance.now() - sentAt).toBeGreaterThan(950);
    await poll.stop();
  });

  it("does a FIFO queue's groups one message at a time each, in order, and beside one another", async () => {
    const running = new Set<string>();
    const overlaps: string[] = [];
    let beside = false;
    const { calls, handler } = recording(async ([body]) => {
      const [group] = body as string;
      if (running.has(group)) overlaps.push(group);
      beside ||= running.size > 0;
      running.add(group);
      await new Promise((resolve) => setTimeout(resolve, 15));
      running.delete(group);
      return [];
    });
    await using queue = await polled(handler, { fifo: true, batchSize: 1, concurrency: 3 });
    for (const body of ["a1", "a2", "b1", "a3", "b2"]) await queue.send(body, body[0]);
    const poll = queue.start();
    await vi.waitFor(() => expect(calls).toHaveLength(5), soon);
    await poll.stop();
    expect({ overlaps, beside }).toEqual({ overlaps: [], beside: true });
    const bodies = calls.flat() as string[];
    expect(bodies.filter((body) => body.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
    expect(bodies.filter((body) => body.startsWith("b"))).toEqual(["b1", "b2"]);
  });

  it("stops when what is running is done, and takes nothing more", async () => {
    const { promise, resolve: finish } = Promise.withResolvers<unknown[]>();
    const { calls, handler } = recording(() => promise);
    await using queue = await polled(handler, { batchSize: 1 });
    await queue.send(1);
    await queue.send(2);
    const poll = queue.start();
    await vi.waitFor(() => expect(calls).toHaveLength(1), soon);
    const stopped = poll.stop();
    finish([]);
    await stopped;
    expect([calls, queue.waiting(), queue.underWay()]).toEqual([[[1]], [2], 0]);
  });

  it("says that its queue cannot be reached, and goes on trying", async () => {
    const { handler } = recording();
    await using queue = await polled(handler, { queueUrl: "http://127.0.0.1/000000000000/nowhere" });
    const poll = queue.start();
    await vi.waitFor(() => expect(queue.errors.length).toBeGreaterThan(1), soon);
    await poll.stop();
    expect(queue.errors[0]).toMatchObject({ name: "QueueDoesNotExist" });
  });
});
