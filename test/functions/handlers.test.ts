import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, expect, it, vi } from "vitest";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { areas, keys } from "../../lib/contracts/keys.ts";
import { FanOutData } from "../../lib/contracts/messages.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { drive } from "../../lib/local/drive.ts";
import { advance } from "../../lib/pipeline.ts";
import type { ObjectStore, Ports } from "../../lib/ports.ts";
import { listPrices } from "../../lib/synthesize/prices.ts";
import { awsServer } from "../support/aws-server.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { silentModel, run as synthesizeIn, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

const STAGES = ["fan-out", "label", "aggregate", "publish"];

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
  QUEUE_URL_LABEL: server.createQueue("label"),
  QUEUE_URL_AGGREGATE: server.createQueue("aggregate"),
  QUEUE_URL_PUBLISH: server.createQueue("publish"),
};

for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);

const logged: Record<string, unknown>[] = [];
vi.spyOn(process.stdout, "write").mockImplementation((line) => logged.push(JSON.parse(String(line))) > 0);

afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  client.destroy();
  await server[Symbol.asyncDispose]();
});

/** A task with one program and a file of 500 messages, every third of which the program labels. */
async function prepare(store: ObjectStore): Promise<void> {
  const rows = Array.from({ length: 500 }, (_, row) => `${row},${row % 3 ? "see you" : "free money"} ${row}`);
  await store.put(keys.taskFile(task, "task.json"), taskText({ synthesis: { programs: 1 } }));
  await store.put(keys.data(task, file), ["id,text", ...rows].join("\n"));
  await synthesizeIn(store);
}

/** Lambda's part: hands the messages of every queue to its function, twice, until no queue holds one. */
async function deliverAll(): Promise<void> {
  const context = { getRemainingTimeInMillis: () => 60_000 } as never;
  for (let delivered = 1; delivered > 0; ) {
    delivered = 0;
    for (const stage of STAGES) {
      const Records = server.receive(stage);
      if (Records.length === 0) continue;
      const { handler } = await import(`../../functions/${stage}/handler.ts`);
      for (let time = 0; time < 2; time++) {
        expect(await handler({ Records }, context)).toEqual({ batchItemFailures: [] });
      }
      delivered += Records.length;
    }
  }
}

/** The labels of a file, without what tells how long they took. */
async function labelsIn(store: ObjectStore): Promise<Record<string, string>> {
  const texts = await textsOf(store, areas.outbox);
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key.includes("/part-")));
}

it.each([
  { stage: "fan-out", variable: "QUEUE_URL_AGGREGATE" },
  { stage: "label", variable: "QUEUE_URL_AGGREGATE" },
  { stage: "aggregate", variable: "QUEUE_URL_PUBLISH" },
  { stage: "publish", variable: "BUCKET_NAME" },
])("take no message without their configuration: $stage", async ({ stage, variable }) => {
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
  const settings = { prices: listPrices, checkProgram: () => undefined };
  expect(await drive([start], (message) => advance(message, ports, settings), 1)).toEqual([]);

  await prepare(store);
  await sqsSender({ "fan-out": fanOutQueueUrl })(streamOf(start));
  await deliverAll();
  const labels = await labelsIn(store);
  expect(Object.keys(labels)).not.toEqual([]);
  expect(labels).toEqual(await labelsIn(local));
  expect([...new Set(logged.map(({ stage }) => stage))]).toEqual(STAGES);
  expect(await store.find(keys.success(task, FileName.parse("inbox")))).toBeDefined();
});
