import type { AddressInfo } from "node:net";
import { InvalidInputError } from "../../errors.ts";
import { type Durable, keepIn } from "./durable.ts";
import { type App, bucketOfUpload, buildApp, objectsIn, S3Store, SnsStore, SqsStore } from "./fauxqs.ts";
import {
  isWanted,
  type NotificationFilter,
  notificationOf,
  type ObjectChange,
  testNotification,
} from "./object-events.ts";
import { keepRulesOfS3 } from "./s3-rules.ts";

const REGION = "us-east-1";
const ACCOUNT = "000000000000";

export interface EmbeddedSettings {
  /** Where buckets and queues are kept; without one they end with the server. */
  folder?: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** Told of each change when it is done. */
  onObject?: (change: ObjectChange) => void;
  /** Told of each message that was received in vain as often as its queue allows. */
  onDeadLetter?: (letter: { queue: string; body: string }) => void;
  /** Sees the server before it listens. */
  prepare?: (app: App) => void;
}

/** A bucket and queues of AWS inside this process. */
export type EmbeddedAws = Awaited<ReturnType<typeof embeddedAws>>;

/**
 * S3 and SQS inside this process, for any client on this machine and nobody else.
 *
 * @throws InvalidInputError where the port or the folder is taken
 */
export async function embeddedAws(settings: EmbeddedSettings = {}) {
  const { folder, port = 0, onObject, onDeadLetter, prepare } = settings;
  const s3Store = new S3Store();
  const sqsStore = new SqsStore();
  if (onDeadLetter) sqsStore.spy = deadLetterSpy(onDeadLetter);
  sqsStore.host = ""; // Queue URLs then name the host that was called.
  const durable: Durable = folder
    ? keepIn(folder, s3Store, sqsStore)
    : { atomically: (change) => change(), close: () => undefined };
  const targets: { bucket: string; queue: string; filter: NotificationFilter }[] = [];

  const send = (queueName: string, content: unknown) => {
    sqsStore.getQueueByName(queueName)?.enqueue(SqsStore.createMessage(JSON.stringify(content)));
  };
  watchObjects(s3Store, durable, (change) => {
    for (const { bucket, queue, filter } of targets) {
      if (bucket === change.bucket && isWanted(filter, change)) send(queue, notificationOf(change));
    }
    onObject?.(change);
  });

  const app = buildApp({ logger: false, stores: { s3Store, sqsStore, snsStore: new SnsStore() } });
  prepare?.(app);
  keepRulesOfS3(app, s3Store);
  try {
    await app.listen({ host: "127.0.0.1", port });
  } catch (cause) {
    await app.close();
    durable.close();
    throw portProblem(port, cause);
  }
  const endpoint = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const arnOf = (queueName: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${queueName}`;

  return {
    endpoint,
    region: REGION,
    s3Store,
    sqsStore,
    /** What a client of any AWS service needs to talk to this server. */
    clientSettings: {
      endpoint,
      region: REGION,
      credentials: { accessKeyId: "alchemist", secretAccessKey: "alchemist" },
      maxAttempts: 1,
    },
    /** Makes a bucket, or finds it. */
    createBucket: (name: string): void => s3Store.createBucket(name),
    /** Makes a queue, or finds it with its messages. @returns its URL */
    createQueue(name: string, attributes: Record<string, string> = {}): string {
      const url = `${endpoint}/${ACCOUNT}/${name}`;
      const known = sqsStore.getQueueByName(name);
      if (known) known.setAttributes(attributes);
      else sqsStore.createQueue(name, url, arnOf(name), attributes);
      return url;
    },
    arnOf,
    /** Tells a queue of a bucket's changes from now on, after the test event that S3 begins with. */
    notify(bucket: string, queue: string, filter: NotificationFilter): void {
      targets.push({ bucket, queue, filter });
      send(queue, testNotification(bucket));
    },
    async close(): Promise<void> {
      await app.close();
      durable.close();
    },
  };
}

/** Tells of each change of an object in the same step as it is kept: a process that is killed loses both or neither. */
function watchObjects(store: S3Store, { atomically }: Durable, tell: (change: ObjectChange) => void): void {
  const put = store.putObject.bind(store);
  const complete = store.completeMultipartUpload.bind(store);
  const remove = store.deleteObject.bind(store);
  store.putObject = (bucket, key, ...rest) =>
    atomically(() => {
      const object = put(bucket, key, ...rest);
      tell({ bucket, key, event: "ObjectCreated:Put", size: object.contentLength, etag: object.etag });
      return object;
    });
  store.completeMultipartUpload = (uploadId, parts) =>
    atomically(() => {
      const bucket = bucketOfUpload(store, uploadId);
      const object = complete(uploadId, parts);
      const { key, contentLength: size, etag } = object;
      tell({ bucket, key, event: "ObjectCreated:CompleteMultipartUpload", size, etag });
      return object;
    });
  store.deleteObject = (bucket, key) =>
    atomically(() => {
      const isThere = objectsIn(store, bucket)?.has(key);
      remove(bucket, key);
      if (isThere) tell({ bucket, key, event: "ObjectRemoved:Delete" });
    });
}

/** The emulator tells its spy of everything that happens to messages. */
function deadLetterSpy(tell: NonNullable<EmbeddedSettings["onDeadLetter"]>): NonNullable<SqsStore["spy"]> {
  type Spy = NonNullable<SqsStore["spy"]>;
  const addMessage: Spy["addMessage"] = (message) => {
    if (message.service === "sqs" && message.status === "dlq") {
      tell({ queue: message.queueName, body: message.body });
    }
  };
  return { addMessage } as Spy;
}

/** What to do where a port cannot be listened on; other errors as they are. */
export function portProblem(port: number, cause: unknown): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const problem =
    code === "EADDRINUSE"
      ? "something on this machine listens there already. Stop it, or choose another port; 0 takes a free one."
      : code === "EACCES"
        ? "this user may not listen there. Choose a port above 1023."
        : undefined;
  return problem ? new InvalidInputError(`port ${port}`, problem, { cause }) : cause;
}
