import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, it, vi } from "vitest";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { areas, keys } from "../../lib/contracts/keys.ts";
import { FanOutData } from "../../lib/contracts/messages.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { drive } from "../../lib/local/drive.ts";
import { advance } from "../../lib/pipeline.ts";
import type { ObjectStore, Ports } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { awsServer } from "../support/aws-server.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { silentModel, run as synthesizeIn, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

const STAGES = ["fan-out", "label", "aggregate", "train", "verify", "publish"];

const file = FileName.parse("inbox.csv");
const start = FanOutData.parse({ stage: "fan-out", task, file });

const server = await awsServer();
const client = new S3Client(server.clientSettings);
server.createBucket("alchemist");
const store = s3ObjectStore(client, "alchemist");
const fanOutQueueUrl = server.createQueue("fan-out");

async function* streamOf<T>(...messages: T[]) {
  yield* messages;
}

const environment: Record<string, string> = {
  AWS_ENDPOINT_URL: server.endpoint,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  BUCKET_NAME: "alchemist",
  QUEUE_URL_SYNTHESIZE: server.createQueue("synthesize.fifo", { FifoQueue: "true" }),
  QUEUE_URL_FAN_OUT: fanOutQueueUrl,
  QUEUE_URL_WATCH: server.createQueue("watch"),
  QUEUE_URL_LABEL: server.createQueue("label"),
  QUEUE_URL_AGGREGATE: server.createQueue("aggregate"),
  QUEUE_URL_TRAIN: server.createQueue("train"),
  QUEUE_URL_VERIFY: server.createQueue("verify"),
  QUEUE_URL_PUBLISH: server.createQueue("publish"),
};

for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);

const logged: { service?: string }[] = [];
vi.spyOn(process.stdout, "write").mockImplementation((line) => logged.push(JSON.parse(String(line))) > 0);

afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  client.destroy();
  await server[Symbol.asyncDispose]();
});

/** A task with one program and a file of two shards, every third row of which the program labels. */
async function prepare(store: ObjectStore): Promise<void> {
  const long = "see you ".repeat(10_000);
  const rows = Array.from({ length: 60 }, (_, row) => `${row},${row % 3 ? "hello" : "free"} ${long}`);
  await store.put(
    keys.taskFile(task, "task.json"),
    taskText({ synthesis: { programs: 1 }, endModel: "linear", verify: { rows: 0 } }),
  );
  await store.put(keys.data(task, file), ["id,text", ...rows].join("\n"));
  await synthesizeIn(store);
}

/** Lambda's part: hands each message to its stage's function, twice, until no queue holds a new one. */
async function deliverAll(): Promise<void> {
  const context = { getRemainingTimeInMillis: () => 60_000 } as never;
  const delivered = new Set<string>();
  for (let anything = true; anything; ) {
    anything = false;
    for (const stage of STAGES) {
      const received = new Map(server.receive(stage).map((record) => [record.body, record]));
      if (received.size === 0) continue;
      anything = true;
      const Records = [...received.values()].filter(({ body }) => !delivered.has(body));
      const { handler } = await import(`../../functions/${stage}/handler.ts`);
      for (let time = 0; time < 2; time++) {
        expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [] });
      }
      for (const { body } of Records) delivered.add(body);
    }
  }
}

/** The labels of a file, without what tells how long they took. */
async function labelsIn(store: ObjectStore): Promise<Record<string, string>> {
  const texts = await textsOf(store, areas.outbox);
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key.includes("/part-")));
}

describe("handlers", () => {
  it.each([
    { stage: "intake", variable: "QUEUE_URL_SYNTHESIZE" },
    { stage: "synthesize", variable: "QUEUE_URL_FAN_OUT" },
    { stage: "fan-out", variable: "QUEUE_URL_AGGREGATE" },
    { stage: "label", variable: "QUEUE_URL_AGGREGATE" },
    { stage: "aggregate", variable: "QUEUE_URL_VERIFY" },
    { stage: "train", variable: "QUEUE_URL_VERIFY" },
    { stage: "verify", variable: "QUEUE_URL_PUBLISH" },
    { stage: "publish", variable: "BUCKET_NAME" },
    { stage: "watch", variable: "QUEUE_URL_WATCH" },
  ])("take no message without configuration: $stage", async ({ stage, variable }) => {
    vi.stubEnv(variable, undefined);
    try {
      await expect(import(`../../functions/${stage}/handler.ts`)).rejects.toMatchObject({
        where: `environment variable ${variable}`,
      });
    } finally {
      vi.stubEnv(variable, environment[variable]);
      vi.resetModules();
    }
  });

  it("label a file as one machine does, though every message comes twice", async () => {
    const local = memoryStore();
    await prepare(local);
    const ports: Ports = {
      store: local,
      model: silentModel(),
      runner: plainRunner(),
      report: () => undefined,
      now: () => new Date(),
    };
    const settings = { prices: listPrices };
    expect(await drive([start], (message) => advance(message, ports, settings), 1)).toEqual([]);

    await prepare(store);
    await sqsSender({ "fan-out": fanOutQueueUrl })(streamOf(start));
    await deliverAll();
    const labels = await labelsIn(store);
    expect(Object.keys(labels)).toHaveLength(2);
    expect(labels).toEqual(await labelsIn(local));
    expect(new Set(logged.map(({ service }) => service))).toEqual(new Set(STAGES));
    expect(await store.find(keys.success(task, FileName.parse("inbox")))).toBeDefined();
  });
});
