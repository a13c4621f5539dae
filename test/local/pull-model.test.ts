import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openModelDirectory } from "../../lib/adapters/onnx/model-directory.ts";
import { pullModel } from "../../lib/local/pull-model.ts";
import { cli, folderOf } from "../support/cli.ts";
import { sha256Of, tinyTextual, tinyVisual } from "../support/tiny-onnx.ts";

const FILES: Record<string, Buffer> = { "visual.onnx": tinyVisual(), "textual.onnx": tinyTextual() };
const SHA256 = Object.fromEntries(Object.entries(FILES).map(([name, bytes]) => [name, sha256Of(bytes)]));
const NAME = "clip-vit-b-32";

interface Behaviour {
  /** Connections that break in the middle of what they give. */
  breaks?: number;
  ranges?: boolean;
  /** What the server says of each file's checksum. */
  says?: Record<string, string>;
  status?: number;
}

/** A server of a model's files, and what it was asked for. */
async function serverOf({ breaks = 0, ranges = true, says = SHA256, status }: Behaviour = {}) {
  const asked: string[] = [];
  let left = breaks;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const name = (request.url ?? "").slice(1);
    const bytes = FILES[name];
    asked.push(`${request.method} ${name}${request.headers.range ? ` ${request.headers.range}` : ""}`);
    if (status || !bytes) return response.writeHead(status ?? 404).end();
    if (says[name]) response.setHeader("x-linked-etag", `"${says[name]}"`);
    if (request.method === "HEAD") return response.writeHead(302, { location: "/elsewhere" }).end();
    const start = ranges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
    if (start >= bytes.length) return response.writeHead(416).end();
    response.writeHead(start > 0 ? 206 : 200, { "content-length": bytes.length - start });
    if (name === "textual.onnx" && left > 0) {
      left -= 1;
      // A connection that breaks takes with it what nobody has read yet, so this one breaks a little later.
      return response.write(bytes.subarray(start, start + 100_000), () =>
        setTimeout(() => response.destroy(), 50),
      );
    }
    return response.end(bytes.subarray(start));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

describe("fetching a model", () => {
  it("leaves a directory that opens, with a manifest that says on whose word", async () => {
    await using server = await serverOf();
    using folder = folderOf({});
    const seen: [string, number][] = [];
    const onBytes = (file: string, bytes: number) => seen.push([file, bytes]);
    await pullModel(NAME, { root: folder.path, from: server.url, onBytes });
    const { manifest } = await openModelDirectory(folder.path, NAME);
    expect(manifest).toEqual({
      kind: NAME,
      logitScale: 100,
      embeddingSize: 512,
      visual: { file: "visual.onnx", sha256: SHA256["visual.onnx"] },
      textual: { file: "textual.onnx", sha256: SHA256["textual.onnx"] },
      source: `${server.url}/visual.onnx (checksum by the server's word); ${server.url}/textual.onnx (checksum by the server's word)`,
    });
    expect(seen.at(-1)).toEqual(["textual.onnx", FILES["textual.onnx"].length]);
  });

  it("goes on where connections broke", async () => {
    await using server = await serverOf({ breaks: 3 });
    using folder = folderOf({});
    await pullModel(NAME, { root: folder.path, from: server.url });
    const starts = server.asked
      .flatMap((one) => /textual.onnx bytes=(\d+)-/.exec(one)?.[1] ?? [])
      .map(Number);
    expect([starts.length, starts.every((start, index) => start > (starts[index - 1] ?? 0))]).toEqual([
      3,
      true,
    ]);
    expect(readFileSync(join(folder.path, NAME, "textual.onnx")).equals(FILES["textual.onnx"])).toBe(true);
  });

  it("starts over where the server gives no ranges", async () => {
    await using server = await serverOf({ breaks: 1, ranges: false });
    using folder = folderOf({});
    await pullModel(NAME, { root: folder.path, from: server.url });
    expect(readFileSync(join(folder.path, NAME, "textual.onnx")).equals(FILES["textual.onnx"])).toBe(true);
  });

  it("keeps what came where the connection breaks for good, and goes on with it the next time", async () => {
    await using broken = await serverOf({ breaks: 99 });
    using folder = folderOf({});
    await expect(pullModel(NAME, { root: folder.path, from: broken.url })).rejects.toThrow(
      /the connection broke 5 times .* Run the same command again; it goes on where it stopped\./,
    );
    expect(existsSync(join(folder.path, NAME, "textual.onnx"))).toBe(false);
    await using whole = await serverOf();
    await pullModel(NAME, { root: folder.path, from: whole.url });
    expect(whole.asked).toEqual([
      "HEAD visual.onnx",
      "HEAD textual.onnx",
      expect.stringMatching(/^GET textual.onnx bytes=[1-9]\d*-$/),
    ]);
  });

  it("mends nothing that it did not get: another checksum is refused and thrown away", async () => {
    await using server = await serverOf();
    using folder = folderOf({});
    const sha256 = { "textual.onnx": "0".repeat(64) };
    await expect(pullModel(NAME, { root: folder.path, from: server.url, sha256 })).rejects.toThrow(
      `${server.url}/textual.onnx: its SHA-256 is ${SHA256["textual.onnx"]}, and must be ${sha256["textual.onnx"]}. It was thrown away; nothing is kept.`,
    );
    expect(existsSync(join(folder.path, NAME, "textual.onnx.part"))).toBe(false);
    expect(existsSync(join(folder.path, NAME, "model.json"))).toBe(false);
  });

  it("is refused where nobody says what the checksum is", async () => {
    await using server = await serverOf({ says: {} });
    using folder = folderOf({});
    await expect(pullModel(NAME, { root: folder.path, from: server.url })).rejects.toThrow(
      "neither this project nor the server says what the file's SHA-256 must be. Give it with --sha256 FILE=HEX.",
    );
    await pullModel(NAME, { root: folder.path, from: server.url, sha256: SHA256 });
    expect((await openModelDirectory(folder.path, NAME)).manifest.source).toContain("(checksum as given)");
  });

  it("trusts the server once: what it says later is not taken without being asked for", async () => {
    using folder = folderOf({});
    {
      await using server = await serverOf();
      await pullModel(NAME, { root: folder.path, from: server.url });
    }
    const textual = join(folder.path, NAME, "textual.onnx");
    const other = "1".repeat(64);
    await using server = await serverOf({ says: { ...SHA256, "textual.onnx": other } });
    await pullModel(NAME, { root: folder.path, from: server.url });
    expect(server.asked).toEqual([]);
    writeFileSync(textual, "damaged");
    await pullModel(NAME, { root: folder.path, from: server.url });
    expect(server.asked).toEqual(["GET textual.onnx"]);
    const { manifest } = await openModelDirectory(folder.path, NAME);
    expect([manifest.textual.sha256, manifest.source]).toEqual([
      SHA256["textual.onnx"],
      `${server.url}/visual.onnx (checksum as first fetched); ${server.url}/textual.onnx (checksum as first fetched)`,
    ]);
    const sha256 = { "textual.onnx": other };
    await expect(pullModel(NAME, { root: folder.path, from: server.url, sha256 })).rejects.toThrow(
      `its SHA-256 is ${SHA256["textual.onnx"]}, and must be ${other}`,
    );
    expect((await openModelDirectory(folder.path, NAME)).manifest).toEqual(manifest);
  });

  it("throws away a rest that belongs to another file", async () => {
    await using server = await serverOf();
    using folder = folderOf({});
    await mkdir(join(folder.path, NAME));
    writeFileSync(join(folder.path, NAME, "visual.onnx.part"), "something else");
    await expect(pullModel(NAME, { root: folder.path, from: server.url })).rejects.toThrow(
      "It was thrown away",
    );
    await pullModel(NAME, { root: folder.path, from: server.url });
    expect((await openModelDirectory(folder.path, NAME)).name).toBe(NAME);
  });

  it("is a command, beside one that lists what is here", async () => {
    await using server = await serverOf();
    using folder = folderOf({});
    const environment = { ALCHEMIST_MODELS: folder.path };
    const pulled = await cli(["models", "pull", NAME, "--from", server.url], environment);
    expect(pulled).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${NAME} in ${join(folder.path, NAME)}`),
    });
    const { stdout } = await cli(["models", "list", "--json"], environment);
    expect(JSON.parse(stdout)).toEqual({
      root: folder.path,
      models: [{ name: NAME, kind: NAME }],
      toFetch: ["clip-vit-b-32-int8", "clip-vit-l-14"],
    });
    const wrong = await cli(["models", "pull", "clip-vit-b-99"], environment);
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("there is no such model to fetch"),
    });
  });
});
