import type { Context } from "aws-lambda";
import { sqsStage } from "../functions/sqs-stage.ts";
import { s3ObjectStore } from "../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../lib/adapters/aws/sqs-sender.ts";
import { absentModel } from "../lib/adapters/openai/absent-model.ts";
import {
  AggregateGroup,
  FanOutData,
  LabelShards,
  type Message,
  PublishShards,
  SynthesizeTask,
  TrainEndModel,
  VerifyRun,
  WatchRun,
} from "../lib/contracts/messages.ts";
import { DroppedObjects } from "../lib/contracts/s3-event.ts";
import { type StageId, stageIds } from "../lib/infra/stage-settings.ts";
import { intake } from "../lib/intake/stage.ts";
import { advance } from "../lib/pipeline.ts";
import type { ObjectStore, Ports, ProgramRunner } from "../lib/ports.ts";
import { listPrices } from "../lib/prices/prices.ts";
import { cpuSeconds } from "./cloud-cpu.ts";
import { countingS3, type S3Requests } from "./cloud-s3.ts";
import { countingSqs, queueUrls } from "./cloud-sqs.ts";

/** What one stage used, in all of its calls. */
export interface StageUse {
  /** Calls of its function; each took one message. */
  calls: number;
  /** Requests that sent its messages: ten at a time. */
  sends: number;
  s3: S3Requests;
  /** CPU seconds of the function's own process, and of the one that runs programs. */
  ownSeconds: number;
  childSeconds: number;
  logBytes: number;
}

export interface CloudSettings {
  runner: ProgramRunner;
  /** Calls of a function at once: so many environments are kept, each with what it has read. 0: never one twice. */
  environments: Record<StageId, number>;
}

const SCHEMAS = {
  intake: DroppedObjects,
  synthesize: SynthesizeTask,
  "fan-out": FanOutData,
  label: LabelShards,
  aggregate: AggregateGroup,
  train: TrainEndModel,
  verify: VerifyRun,
  publish: PublishShards,
  watch: WatchRun,
} as const;

/** Lambda's own lines of a call: START, END, REPORT. */
const PLATFORM_LOG_BYTES = 400;
const BUCKET = "bench";

/** The functions with their wrapper, adapters and SDK, S3 and SQS in memory behind them; counts what each stage uses. */
export function countedCloud({ runner, environments }: CloudSettings) {
  const s3 = countingS3();
  const sqs = countingSqs();
  const use = Object.fromEntries(stageIds.map((stage) => [stage, unused()])) as Record<StageId, StageUse>;
  const metrics = new Set<string>();
  const late: typeof sqs.waiting = [];
  let now: StageId = "intake";
  let lastError = "";

  // Nobody else writes to this process's output: all of it is logs.
  const log = (line: string | Uint8Array) => {
    const text = String(line);
    use[now].logBytes += Buffer.byteLength(text);
    if (text.includes('"_aws"')) {
      for (const { Name } of JSON.parse(text)._aws.CloudWatchMetrics[0].Metrics)
        metrics.add(`${now} ${Name}`);
    }
    if (text.includes('"level":"ERROR"')) lastError = text;
    return true;
  };
  process.stdout.write = log;
  process.stderr.write = log;

  const stores = new Map<string, ObjectStore>();
  const storeOf = (stage: StageId): ObjectStore => {
    const fresh = () => s3ObjectStore(s3.client, BUCKET);
    if (environments[stage] === 0) return fresh();
    const name = `${stage} ${use[stage].calls % environments[stage]}`;
    const store = stores.get(name) ?? fresh();
    stores.set(name, store);
    return store;
  };

  const ports = { model: absentModel(), runner, now: () => new Date(0) };
  const settings = { prices: listPrices, watch: true };
  const handlers = Object.fromEntries(
    stageIds.map((stage) => {
      const run = (message: unknown, report: Ports["report"]): AsyncIterable<Message> => {
        const all = { ...ports, store: storeOf(stage), report };
        return stage === "intake"
          ? intake(message as DroppedObjects, all)
          : advance(message as Message, all, settings);
      };
      const failed = async () => undefined;
      return [stage, sqsStage(stage, SCHEMAS[stage], run, sqsSender(queueUrls, sqs.client), failed)];
    }),
  );

  const call = async (stage: StageId, body: string) => {
    now = stage;
    const before = { ...s3.requests };
    const cpuBefore = cpuSeconds();
    const record = { messageId: "1", body, attributes: {}, eventSourceARN: "arn:aws:sqs" };
    const event = { Records: [record] } as unknown as Parameters<(typeof handlers)[string]>[0];
    const outcome = await handlers[stage](event, { functionName: stage } as Context);
    if (outcome.batchItemFailures.length > 0) throw new Error(`${stage} failed: ${lastError}`);
    const cpu = cpuSeconds();
    const used = use[stage];
    used.calls += 1;
    used.logBytes += PLATFORM_LOG_BYTES;
    used.ownSeconds += cpu.own - cpuBefore.own;
    used.childSeconds += cpu.children - cpuBefore.children;
    for (const name of Object.keys(before) as (keyof S3Requests)[]) {
      used.s3[name] += s3.requests[name] - before[name];
    }
  };

  return {
    client: s3.client,
    objects: s3.objects,
    metrics,
    /** The user's upload of which S3 tells nobody. */
    upload(key: string, body: string | Uint8Array) {
      s3.write(key, Buffer.from(body as Uint8Array));
    },
    /** The user's upload, and S3's word of it. */
    drop(key: string, body: string | Uint8Array) {
      s3.write(key, Buffer.from(body as Uint8Array));
      const Records = [{ eventName: "ObjectCreated:Put", s3: { object: { key: encodeURIComponent(key) } } }];
      sqs.sends.intake += 1;
      sqs.waiting.push({ stage: "intake", body: JSON.stringify({ Records }) });
    },
    /** Runs until no queue holds anything; gives what was used since the last time. */
    async settle(): Promise<Record<StageId, StageUse>> {
      for (;;) {
        const message = sqs.waiting.shift() ?? late.shift();
        if (message === undefined) break;
        // Its messages come a quarter of an hour later.
        if (message.stage === "watch" && sqs.waiting.length > 0) late.push(message);
        else await call(message.stage, message.body);
      }
      const used = structuredClone(use);
      for (const stage of stageIds) {
        used[stage].sends = sqs.sends[stage];
        sqs.sends[stage] = 0;
        use[stage] = unused();
      }
      return used;
    },
  };
}

function unused(): StageUse {
  const s3 = { put: 0, list: 0, get: 0, head: 0, remove: 0, events: 0, readBytes: 0, writtenBytes: 0 };
  return { calls: 0, sends: 0, s3, ownSeconds: 0, childSeconds: 0, logBytes: 0 };
}
