import { availableParallelism } from "node:os";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type EmbeddedAws, embeddedAws } from "../../adapters/embedded/embedded-aws.ts";
import type { ObjectChange } from "../../adapters/embedded/object-events.ts";
import { areas, dropEndings } from "../../contracts/keys.ts";
import { stages as plainStages, type StageId } from "../../infra/rights.ts";
import { stageSettings } from "../../infra/stage-settings.ts";
import { type Handler, pollQueue } from "./event-source.ts";
import { type DevImages, type Environment, setForHandlers } from "./handler-environment.ts";
import { strangerToBucket } from "./page/guard.ts";

export const BUCKET = "alchemist";

/** Receives after which a message is put aside. */
const MOST_RECEIVES = 5;

/** Whoever has a message lives in this process, and no other gets it meanwhile: as long as SQS allows. */
const VISIBILITY_SECONDS = 12 * 60 * 60;

const ONE_AT_A_TIME: StageId[] = ["aggregate", "watch", "features"];

/** Programs use every core; the other stages wait for the store more than they compute. */
const concurrencyOf = (stage: StageId): number =>
  stage === "label" ? availableParallelism() : ONE_AT_A_TIME.includes(stage) ? 1 : 2;

export interface CloudSettings {
  folder?: string;
  port?: number;
  /** The handlers': `process.env`. */
  environment: Environment;
  /** Whether the model may be asked, with the key of the environment. */
  live: boolean;
  /** What pictures are looked at with; without it tasks that label pictures are refused. */
  images?: DevImages;
  /** Until a message whose function failed comes again. */
  retrySeconds?: number;
  /** Until a run is looked after. */
  watchSeconds?: number;
  onObject?: (change: ObjectChange, aws: EmbeddedAws) => void;
  onDeadLetter?: (letter: { queue: string; body: string }) => void;
  onError?: (error: unknown) => void;
}

/** The cloud in this process: its endpoint, and an end that waits for what is running. */
export interface Cloud {
  aws: EmbeddedAws;
  queueUrls: Record<StageId, string>;
  close(): Promise<void>;
}

/**
 * The bucket, the queues and the functions of the cloud in this process: what S3 tells, what SQS carries and what
 * Lambda calls, over real sockets, with the handlers as they are deployed.
 *
 * @throws InvalidInputError where the port or the folder is taken
 */
export async function openCloud(settings: CloudSettings): Promise<Cloud> {
  const { folder, port, environment, live, retrySeconds = 2, onObject, onError = () => undefined } = settings;
  const stages: StageId[] = settings.images ? [...plainStages, "features"] : [...plainStages];
  const tell = (change: ObjectChange) => {
    try {
      onObject?.(change, aws);
    } catch (error) {
      onError(error); // Whoever looks on never makes a write fail.
    }
  };
  const aws: EmbeddedAws = await embeddedAws({
    folder,
    port,
    onObject: tell,
    onDeadLetter: settings.onDeadLetter,
    prepare: (app) => {
      // A website that is open in a browser here is no S3 client, whatever it calls this machine.
      app.addHook("onRequest", async (request, reply) => {
        const stranger = strangerToBucket(request);
        if (stranger !== undefined) await reply.code(403).send(stranger);
      });
    },
  });
  const queueUrls = Object.fromEntries(
    stages.map((stage) => [stage, createQueues(stage, aws, settings.watchSeconds)]),
  ) as Record<StageId, string>;
  aws.createBucket(BUCKET);
  aws.notify(BUCKET, "intake", { prefix: areas.inbox, ...dropEndings });
  setForHandlers(environment, {
    endpoint: aws.endpoint,
    region: aws.region,
    bucket: BUCKET,
    queueUrls,
    live,
    images: settings.images,
  });

  const client = new SQSClient({ ...aws.clientSettings, useQueueUrlAsEndpoint: false });
  const handlers = await Promise.all(stages.map(handlerOf));
  const polls = stages.map((stage, index) =>
    pollQueue(
      {
        stage,
        queueUrl: queueUrls[stage],
        queueArn: aws.arnOf(queueName(stage)),
        handler: handlers[index],
        batchSize: stageSettings[stage].batchSize,
        concurrency: concurrencyOf(stage),
      },
      { client, retrySeconds, onError },
    ),
  );
  return {
    aws,
    queueUrls,
    async close() {
      await Promise.all(polls.map((poll) => poll.stop()));
      client.destroy();
      await aws.close();
    },
  };
}

const ending = (stage: StageId) => (stageSettings[stage].fifo ? ".fifo" : "");
const queueName = (stage: StageId) => `${stage}${ending(stage)}`;

/** A stage's queue with the one behind it for messages that fail again and again. @returns its URL */
function createQueues(stage: StageId, aws: EmbeddedAws, watchSeconds: number | undefined): string {
  const { fifo, delaySeconds = 0 } = stageSettings[stage];
  const own: Record<string, string> = fifo ? { FifoQueue: "true" } : {};
  const deadLetters = `${stage}-dead-letters${ending(stage)}`;
  aws.createQueue(deadLetters, own);
  const redrive = { deadLetterTargetArn: aws.arnOf(deadLetters), maxReceiveCount: MOST_RECEIVES };
  return aws.createQueue(queueName(stage), {
    ...own,
    VisibilityTimeout: String(VISIBILITY_SECONDS),
    DelaySeconds: String((stage === "watch" ? watchSeconds : undefined) ?? delaySeconds),
    RedrivePolicy: JSON.stringify(redrive),
  });
}

/** Imported after the environment is set, which handlers read at once. */
async function handlerOf(stage: StageId): Promise<Handler> {
  const { handler } = await import(`../../../functions/${stage}/handler.ts`);
  return handler;
}
