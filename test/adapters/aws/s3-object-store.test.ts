import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it, vi } from "vitest";
import { s3ObjectStore } from "../../../lib/adapters/aws/s3-object-store.ts";
import { awsServer } from "../../support/aws-server.ts";

const PART = 8 * 1024 * 1024;

async function* streamOf(...sizes: number[]) {
  for (const size of sizes) yield Buffer.alloc(size);
}

/** A store over a bucket of a server that refuses what `refuse` says. */
async function storeThat(refuse?: Parameters<typeof awsServer>[0]) {
  const server = await awsServer(refuse);
  server.createBucket("labels");
  const client = new S3Client(server.clientSettings);
  return {
    server,
    store: s3ObjectStore(client, "labels"),
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The requests of S3 that a put makes, in words. */
const WORDS: Record<string, string> = {
  "PUT x-id": "put",
  "POST uploads": "start",
  "PUT partNumber uploadId x-id": "part",
  "POST uploadId": "complete",
  "DELETE uploadId x-id": "abort",
};
const inWords = (requests: string[]) => requests.map((request) => WORDS[request] ?? request);

describe("s3ObjectStore", () => {
  it.each([
    { name: "one request where the body is shorter than a part", sizes: [1], expected: ["put"] },
    {
      name: "parts of 8 MiB, one after the other, where it is not",
      sizes: [PART, 1],
      expected: ["start", "part", "part", "complete"],
    },
    { name: "no empty last part", sizes: [PART], expected: ["start", "part", "complete"] },
  ])("writes with $name", async ({ sizes, expected }) => {
    await using opened = await storeThat();
    await opened.store.put("work/t/object", streamOf(...sizes));
    expect(inWords(opened.server.requests)).toEqual(expected);
  });

  it("writes empty objects without a warning of the SDK's", async () => {
    await using opened = await storeThat();
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    try {
      await opened.store.put("work/t/mark", "");
      await opened.store.put("work/t/none", streamOf());
      await opened.store.create("work/t/new", "");
      expect(warned.mock.calls).toEqual([]);
    } finally {
      warned.mockRestore();
    }
    expect(await opened.store.get("work/t/mark")).toEqual(new Uint8Array());
  });

  it.each([
    { name: "a part", refused: "PUT partNumber" },
    { name: "the completion", refused: "POST uploadId" },
  ])("aborts the upload when $name fails", async ({ refused }) => {
    await using opened = await storeThat((request) =>
      request.startsWith(refused) ? { status: 500, code: "InternalError" } : undefined,
    );
    await expect(opened.store.put("work/t/object", streamOf(PART, 1))).rejects.toMatchObject({
      name: "InternalError",
    });
    expect(inWords(opened.server.requests).at(-1)).toBe("abort");
    opened.server.deleteBucket("labels");
  });

  it("reports the first failure when the abort fails as well", async () => {
    await using opened = await storeThat((request) => {
      if (request.startsWith("DELETE")) return { status: 500, code: "InternalError" };
      return request.startsWith("PUT") ? { status: 403, code: "AccessDenied" } : undefined;
    });
    await expect(opened.store.put("work/t/object", streamOf(PART, 1))).rejects.toMatchObject({
      code: "store-write",
    });
  });

  it.each([
    {
      code: "AccessDenied",
      status: 403,
      message: `Cannot write "work/t/object": writing to the bucket "labels" is not allowed. Grant it in the caller's role.`,
    },
    {
      code: "NoSuchBucket",
      status: 404,
      message: `Cannot write "work/t/object": there is no bucket "labels". Check BUCKET_NAME.`,
    },
  ])("says what to do when a write is answered $code", async ({ code, status, message }) => {
    await using opened = await storeThat(() => ({ status, code }));
    const { store } = opened;
    for (const write of [
      () => store.put("work/t/object", "body"),
      () => store.put("work/t/object", streamOf(PART)),
      () => store.delete("work/t/object"),
    ]) {
      await expect(write()).rejects.toThrow(
        `${message} Nothing half-written is taken for complete; run again to go on from here.`,
      );
    }
  });

  it.each([
    { code: "AccessDenied", status: 403 },
    { code: "NoSuchBucket", status: 404 },
  ])("never takes $code for a missing object", async ({ code, status }) => {
    await using opened = await storeThat(() => ({ status, code }));
    await expect(opened.store.find("work/t/object")).rejects.toMatchObject({ name: code });
  });
});
