/** What happened to an object. */
export interface ObjectChange {
  bucket: string;
  key: string;
  event: "ObjectCreated:Put" | "ObjectCreated:CompleteMultipartUpload" | "ObjectRemoved:Delete";
  /** Of the object that is there now. */
  size?: number;
  etag?: string;
}

/** Which changes a queue is told of: keys that begin with `prefix` and have one of the endings. */
export interface NotificationFilter {
  prefix: string;
  created: readonly string[];
  removed: readonly string[];
}

export function isWanted(
  { prefix, created, removed }: NotificationFilter,
  { key, event }: Pick<ObjectChange, "key" | "event">,
): boolean {
  const endings = event.startsWith("ObjectCreated:") ? created : removed;
  return key.startsWith(prefix) && endings.some((ending) => key.endsWith(ending));
}

/** A key as S3's events have it: form-encoded, its slashes left alone. */
export const encodedKey = (key: string): string =>
  encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+")
    .replaceAll("%2F", "/");

let changes = 0;

/** Orders events of one key: hexadecimal, growing over restarts, too. */
const nextSequencer = (): string =>
  (BigInt(Date.now()) * 1_048_576n + BigInt(changes++ % 1_048_576))
    .toString(16)
    .toUpperCase()
    .padStart(18, "0");

/** The notification that S3 sends of a change: "Event message structure" in its user guide. */
export const notificationOf = ({ bucket, key, event, size, etag }: ObjectChange) => ({
  Records: [
    {
      eventVersion: "2.1",
      eventSource: "aws:s3",
      awsRegion: "us-east-1",
      eventTime: new Date().toISOString(),
      eventName: event,
      userIdentity: { principalId: "AWS:EMBEDDED" },
      requestParameters: { sourceIPAddress: "127.0.0.1" },
      responseElements: { "x-amz-request-id": "EMBEDDED", "x-amz-id-2": "EMBEDDED" },
      s3: {
        s3SchemaVersion: "1.0",
        configurationId: "inbox",
        bucket: { name: bucket, ownerIdentity: { principalId: "EMBEDDED" }, arn: `arn:aws:s3:::${bucket}` },
        object: {
          key: encodedKey(key),
          ...(etag !== undefined && { size, eTag: etag.replaceAll('"', "") }),
          sequencer: nextSequencer(),
        },
      },
    },
  ],
});

/** What S3 sends once, when a bucket's notifications are set up. */
export const testNotification = (bucket: string) => ({
  Service: "Amazon S3",
  Event: "s3:TestEvent",
  Time: new Date().toISOString(),
  Bucket: bucket,
  RequestId: "EMBEDDED",
  HostId: "EMBEDDED",
});
