import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { ObjectChangedError, ObjectNotFoundError, StoreWriteError } from "../../errors.ts";
import type { ObjectStore } from "../../ports.ts";
import { PART_BYTES, partsOf, startUpload, type Upload } from "./multipart.ts";

/**
 * A bucket of S3. Needs s3:ListBucket besides the rights to objects: without it S3 answers "access denied" for
 * an object that is not there.
 */
export function s3ObjectStore(client: S3Client, bucket: string): ObjectStore {
  const open = async (key: string, range?: string, version?: string) => {
    const { Body } = await client
      .send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range, IfMatch: version }))
      .catch((cause: unknown) => {
        if (nameOf(cause) === "PreconditionFailed") throw new ObjectChangedError(key, { cause });
        throw isMissing(cause) ? new ObjectNotFoundError(key, { cause }) : cause;
      });
    if (Body === undefined) throw new ObjectNotFoundError(key);
    return Body;
  };

  const get = async (key: string) => (await open(key)).transformToByteArray();

  return {
    get,
    async find(key) {
      try {
        return await get(key);
      } catch (error) {
        if (error instanceof ObjectNotFoundError) return undefined;
        throw error;
      }
    },
    async *read(key, range, version) {
      if (range && range.end <= range.start) return;
      try {
        const body = await open(key, range && `bytes=${range.start}-${range.end - 1}`, version);
        yield* body as AsyncIterable<Uint8Array>;
      } catch (error) {
        if (nameOf(error) !== "InvalidRange") throw error; // S3 refuses a range that begins behind the last byte.
      }
    },
    async head(key) {
      try {
        const { ContentLength, ETag } = await client.send(
          new HeadObjectCommand({ Bucket: bucket, Key: key }),
        );
        return { size: ContentLength ?? 0, version: ETag ?? "" };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async put(key, body) {
      let upload: Upload | undefined;
      try {
        // What is in memory whole goes in one request, which S3 takes up to 5 GiB; parts cost one each and two more.
        if (typeof body === "string" || body instanceof Uint8Array) {
          await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, ...whole(body) }));
          return;
        }
        for await (const part of partsOf(body)) {
          if (upload === undefined && part.byteLength < PART_BYTES) {
            await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, ...whole(part) }));
            return;
          }
          upload ??= await startUpload(client, bucket, key);
          if (part.byteLength > 0) await upload.add(part);
        }
        await upload?.complete();
      } catch (cause) {
        // Where even this fails, the bucket's lifecycle removes the parts; the first failure is the one to report.
        await upload?.abort().catch(() => undefined);
        throw refusalOf(key, bucket, cause);
      }
    },
    async create(key, body, instead) {
      const condition = instead === undefined ? { IfNoneMatch: "*" } : { IfMatch: instead };
      try {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, ...whole(body), ...condition }));
        return true;
      } catch (cause) {
        if (nameOf(cause) === "PreconditionFailed" || isMissing(cause)) return false;
        // Two at once: S3 asks for another try, which then finds the winner's object.
        if (nameOf(cause) === "ConditionalRequestConflict") return this.create(key, body, instead);
        throw refusalOf(key, bucket, cause);
      }
    },
    async *list(prefix) {
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client },
        { Bucket: bucket, Prefix: prefix },
      )) {
        for (const { Key = "", Size = 0 } of Contents) yield { key: Key, size: Size };
      }
    },
    async delete(key) {
      try {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      } catch (cause) {
        throw refusalOf(key, bucket, cause);
      }
    },
  };
}

/** The SDK does not count an empty body, and warns of a stream of unknown length. */
const whole = (body: string | Uint8Array) => ({ Body: body, ContentLength: Buffer.byteLength(body) });

const nameOf = (error: unknown) => (error instanceof S3ServiceException ? error.name : "");

/** GET answers NoSuchKey; HEAD has no body to say it in and becomes NotFound. */
const isMissing = (error: unknown) => ["NoSuchKey", "NotFound"].includes(nameOf(error));

const REASONS: Record<string, (bucket: string) => string> = {
  AccessDenied: (bucket) => `writing to the bucket "${bucket}" is not allowed. Grant it in the caller's role`,
  NoSuchBucket: (bucket) => `there is no bucket "${bucket}". Check BUCKET_NAME`,
};

/** S3's refusal in words; errors of the body's own pass through. */
function refusalOf(key: string, bucket: string, cause: unknown): unknown {
  const reason = REASONS[nameOf(cause)];
  return reason ? new StoreWriteError(key, reason(bucket), { cause }) : cause;
}
