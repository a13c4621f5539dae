import { setTimeout } from "node:timers/promises";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

/** A function of the cloud, as Lambda calls it. */
export type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** A queue whose messages start a function. */
export interface EventSource {
  stage: string;
  queueUrl: string;
  queueArn: string;
  handler: Handler;
  /** Messages that one call gets at most. */
  batchSize: number;
  /** Calls at once. */
  concurrency: number;
}

export interface EventSourceSettings {
  client: SQSClient;
  /** Until a message whose function failed comes again; in the cloud that is when its visibility ends. */
  retrySeconds: number;
  /** Told where the queue itself cannot be reached, or a function ends with an error; it is tried again. */
  onError: (error: unknown) => void;
  /** How long a function may work, as it is told. */
  timeoutMs?: number;
}

/** A poll that found nothing is answered by then. */
const POLL_SECONDS = 20;

/** After this a poll that failed is made again. */
const PAUSE_MS = 200;

/**
 * What Lambda does with a queue: receives batches, calls the function, deletes what it did not give back and shows the
 * rest again. Messages that came too often are the queue's to put aside.
 *
 * @returns stops it when what is running is done
 */
export function pollQueue(
  source: EventSource,
  { client, retrySeconds, onError, timeoutMs = 15 * 60_000 }: EventSourceSettings,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { queueUrl: QueueUrl, batchSize, concurrency } = source;

  const take = async (): Promise<Message[]> => {
    const receive = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: POLL_SECONDS,
      MessageSystemAttributeNames: ["All"],
    });
    const { Messages = [] } = await client.send(receive, { abortSignal: stopping.signal });
    return Messages;
  };

  const giveBack = (ReceiptHandle: string | undefined) =>
    client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: retrySeconds }),
    );

  const call = async (messages: Message[]): Promise<void> => {
    const failed = await failuresOf(source, messages, { onError, timeoutMs });
    await Promise.all(
      messages.map(({ MessageId = "", ReceiptHandle }) =>
        failed.has(MessageId)
          ? giveBack(ReceiptHandle)
          : client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
      ),
    );
  };

  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const messages = await take();
        if (messages.length > 0) await call(messages);
      } catch (error) {
        if (stopping.signal.aborted) return;
        onError(error);
        await setTimeout(PAUSE_MS);
      }
    }
  };
  const workers = Array.from({ length: concurrency }, work);
  return {
    async stop() {
      stopping.abort();
      await Promise.all(workers);
    },
  };
}

/** Ids of the messages that are to come again: those that the function gives back, or all where it fails. */
async function failuresOf(
  source: EventSource,
  messages: Message[],
  { onError, timeoutMs }: Required<Pick<EventSourceSettings, "onError" | "timeoutMs">>,
): Promise<Set<string>> {
  const ids = messages.map(({ MessageId = "" }) => MessageId);
  try {
    const event = { Records: messages.map((message) => recordOf(message, source)) };
    const response = await source.handler(event, contextOf(source.stage, timeoutMs));
    const failed = (response?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
    // An id that nobody sent says nothing: Lambda, too, then takes the whole batch for failed.
    return new Set(failed.every((id) => ids.includes(id)) ? failed : ids);
  } catch (error) {
    onError(error);
    return new Set(ids);
  }
}

const recordOf = (message: Message, { queueArn }: EventSource): SQSRecord => ({
  messageId: message.MessageId ?? "",
  receiptHandle: message.ReceiptHandle ?? "",
  body: message.Body ?? "",
  attributes: message.Attributes as unknown as SQSRecord["attributes"],
  messageAttributes: {},
  md5OfBody: message.MD5OfBody ?? "",
  eventSource: "aws:sqs",
  eventSourceARN: queueArn,
  awsRegion: queueArn.split(":")[3],
});

function contextOf(stage: string, timeoutMs: number): Context {
  const endMs = Date.now() + timeoutMs;
  const id = crypto.randomUUID();
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: stage,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${stage}`,
    memoryLimitInMB: "0",
    awsRequestId: id,
    logGroupName: stage,
    logStreamName: id,
    getRemainingTimeInMillis: () => endMs - Date.now(),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
