import type { AddressInfo } from "node:net";
import { buildApp } from "fauxqs";
import { S3Store } from "../../node_modules/fauxqs/dist/s3/s3Store.js";
import { SnsStore } from "../../node_modules/fauxqs/dist/sns/snsStore.js";
import { SqsStore } from "../../node_modules/fauxqs/dist/sqs/sqsStore.js";

const compareBytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** The emulator sorts keys as words of a language, and so loses some between pages; S3 sorts their bytes. */
class ByteOrderedS3Store extends S3Store {
  override listObjects(bucket: string, options: Parameters<S3Store["listObjects"]>[1] = {}) {
    const { prefix, maxKeys = 1_000, startAfter = "" } = options;
    const { objects } = super.listObjects(bucket, { prefix, maxKeys: Number.POSITIVE_INFINITY });
    const rest = objects
      .filter(({ key }) => compareBytes(key, startAfter) > 0)
      .sort((one, other) => compareBytes(one.key, other.key));
    return { objects: rest.slice(0, maxKeys), commonPrefixes: [], isTruncated: rest.length > maxKeys };
  }
}

/** How a request is told apart: its method and the names in its query, in order, such as `PUT partNumber uploadId x-id`. */
type RequestShape = string;

/**
 * S3 and SQS inside this process, on loopback and a free port; they forget with the test.
 *
 * @param refuse says which requests get an error of S3 instead of an answer
 */
export async function awsServer(
  refuse: (request: RequestShape) => { status: number; code: string } | undefined = () => undefined,
) {
  const s3Store = new ByteOrderedS3Store();
  const sqsStore = new SqsStore();
  const app = buildApp({ logger: false, stores: { s3Store, sqsStore, snsStore: new SnsStore() } });
  const requests: RequestShape[] = [];
  app.addHook("preHandler", async (request, reply) => {
    const shape = [request.method, ...Object.keys(request.query as object).sort()].join(" ");
    requests.push(shape);
    const refusal = refuse(shape);
    if (!refusal) return;
    const body = `<Error><Code>${refusal.code}</Code><Message>refused</Message></Error>`;
    await reply.code(refusal.status).type("application/xml").send(body);
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    requests,
    /** What a client of any AWS service needs to talk to this server. */
    clientSettings: {
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    },
    createBucket: (name: string) => s3Store.createBucket(name),
    /** Fails while an upload of the bucket is neither complete nor aborted. */
    deleteBucket: (name: string) => s3Store.deleteBucket(name),
    createQueue(name: string, attributes: Record<string, string> = {}): string {
      const url = `${endpoint}/000000000000/${name}`;
      sqsStore.createQueue(name, url, `arn:aws:sqs:us-east-1:000000000000:${name}`, attributes);
      return url;
    },
    /** The messages that wait in a queue, in the order in which they came. */
    messagesIn: (name: string): unknown[] =>
      sqsStore.inspectQueue(name)?.messages.ready.map(({ body }) => JSON.parse(body)) ?? [],
    /** Receives up to ten messages, as Lambda does before it calls a function. */
    receive: (name: string) =>
      (sqsStore.getQueueByName(name)?.dequeue(10) ?? []).map(({ MessageId, Body }) => ({
        messageId: MessageId,
        body: Body,
      })),
    [Symbol.asyncDispose]: () => app.close(),
  };
}
