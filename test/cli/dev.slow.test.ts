import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it, vi } from "vitest";
import { servePage } from "../../lib/local/dev/page/serve-page.ts";
import { chatServer, completion } from "../support/chat-server.ts";
import { ASKING, askingTask, cli, folderOf, ownTask } from "../support/cli.ts";
import { plainPicture, zipOf } from "../support/pictures.ts";
import { fenced } from "../support/scripted-model.ts";
import { taskText } from "../support/tasks.ts";
import { writeTinyModel } from "../support/tiny-onnx.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "bin", "alchemist.ts");
const soon = { timeout: 30_000, interval: 10 };

/** `alchemist dev` in a process of its own, over a folder. */
async function started(folder: string, environment: Record<string, string> = {}, more: string[] = []) {
  const { OPENAI_API_KEY: _, ...own } = process.env;
  const child: ChildProcess = spawn(
    process.execPath,
    [PROGRAM, "dev", "--folder", folder, "--port", "0", ...more],
    {
      env: { ...own, ...environment },
    },
  );
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      written += chunk;
    });
  }
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on("exit", (code, signal) => resolve(code ?? signal));
  });
  const said = (text: string) => vi.waitFor(() => expect(written).toContain(text), soon);
  await said("Labels come out");
  const endpoint = /endpoint +(\S+)/.exec(written)?.[1];
  const credentials = { accessKeyId: "alchemist", secretAccessKey: "alchemist" };
  const s3 = new S3Client({ endpoint, region: "us-east-1", credentials });
  return {
    endpoint,
    said,
    written: () => written,
    put: (name: string, body: string | Uint8Array) =>
      s3.send(
        new PutObjectCommand({ Bucket: "alchemist", Key: `inbox/mail/${name}`, Body: Buffer.from(body) }),
      ),
    get: async (Key: string) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: "alchemist", Key }));
      return Body?.transformToString();
    },
    take: (Key: string) => s3.send(new DeleteObjectCommand({ Bucket: "alchemist", Key })),
    end(signal: NodeJS.Signals) {
      child.kill(signal);
      return ended;
    },
    async [Symbol.asyncDispose]() {
      s3.destroy();
      child.kill("SIGKILL");
      await ended;
    },
  };
}

describe("alchemist dev", () => {
  it("says how to drop a task, tells what becomes of it, and ends at Ctrl-C", async () => {
    using folder = folderOf({});
    await using dev = await started(folder.path);
    expect(dev.written()).toContain(`export AWS_ENDPOINT_URL=${dev.endpoint} AWS_DEFAULT_REGION=us-east-1`);
    expect(dev.written()).toContain(
      "aws s3 cp --recursive --exclude '.alchemist/*' examples/spam-email s3://alchemist/",
    );
    expect(dev.written()).toContain("not asked: recorded replies are replayed");

    for (const [name, body] of Object.entries(ownTask())) await dev.put(name, body);
    await dev.put("data/empty.csv", "");
    await dev.put("other/place.csv", "x");
    await dev.said("ready     5 rows of mail/mails in outbox/mail/labels/mails/");
    await dev.said("refused   data/empty.csv: this file is empty.");
    await dev.said("ignored   inbox/mail/other/place.csv: this place in a task's folder starts nothing");
    const lines = dev.written();
    expect(lines).toMatch(/^dropped {3}inbox\/mail\/data\/mails\.csv \(\d+ bytes\)$/m);
    expect(lines).toContain("programs  mail: 3 programs in outbox/mail/programs/");
    expect(lines.match(/^ready/gm)).toHaveLength(1);
    expect(lines).not.toContain('{"level"');
    expect(await dev.get("outbox/mail/labels/mails/part-00000.csv")).toContain("1,free money,spam,spam,");
    expect(await dev.end("SIGINT")).toBe(0);
  });

  it("goes on after it was killed: what was dropped is there, what was under way is done", async () => {
    using folder = folderOf({});
    const rows = Array.from({ length: 60_000 }, (_, row) => `${row},${row % 2 ? "free" : "see you"} ${row},`);
    {
      await using dev = await started(folder.path);
      for (const [name, body] of Object.entries(ownTask())) {
        if (!name.startsWith("data/")) await dev.put(name, body);
      }
      await dev.said("programs  mail: 3 programs");
      await dev.put("data/many.csv", `id,text,label\n${rows.join("\n")}\n`);
      await dev.said("dropped   inbox/mail/data/many.csv");
      expect(await dev.end("SIGKILL")).toBe("SIGKILL");
      expect(dev.written()).not.toContain("ready");
    }
    await using dev = await started(folder.path);
    await dev.said("ready     60,000 rows of mail/many in outbox/mail/labels/many/");
    expect(await dev.get("inbox/mail/data/many.csv")).toContain("59999,free 59999");
    expect((await dev.get("outbox/mail/labels/many/part-00002.csv"))?.trim().split("\n").at(-1)).toMatch(
      /^59999,free 59999,,spam,/,
    );
    expect(await dev.end("SIGTERM")).toBe(0);
  });

  it("asks the model where there is a key, once for a program", async () => {
    using folder = folderOf({});
    const source = 'function label(row) { return row.text.includes("free") ? "spam" : null; }';
    await using chat = await chatServer(completion({ content: fenced(source) }));
    const environment = { OPENAI_API_KEY: "a key", OPENAI_BASE_URL: chat.baseUrl };
    await using dev = await started(folder.path, environment);
    expect(dev.written()).toContain("asked for what is not recorded");
    const asking = `${ASKING}verify: { rows: 0 }\n`;
    const files = Object.entries(askingTask({ "task.yaml": asking }));
    for (const [name, body] of files) await dev.put(name, body);
    await dev.said("ready     5 rows of mail/mails");
    expect(chat.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer a key"]);
    const changed = `${asking}labelModel: majority\n`;
    await dev.put("task.yaml", changed);
    await vi.waitFor(() => expect(dev.written().match(/^dropped .+task.yaml/gm)).toHaveLength(2), soon);
    expect(await dev.end("SIGINT")).toBe(0);
    expect(chat.requests).toHaveLength(1);
  });

  it("does not let the user's own cloud in", async () => {
    using folder = folderOf({});
    await using dev = await started(folder.path, {
      AWS_PROFILE: "production",
      AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1",
      AWS_SESSION_TOKEN: "token",
      AWS_USE_FIPS_ENDPOINT: "true",
    });
    for (const [name, body] of Object.entries(ownTask())) await dev.put(name, body);
    await dev.said("ready     5 rows of mail/mails");
    expect(await dev.end("SIGINT")).toBe(0);
  });

  it("labels pictures with the models of a folder, and refuses them without one", async () => {
    using models = folderOf({});
    writeTinyModel(join(models.path, "tiny"));
    const task = taskText({
      name: "mail",
      modality: "image",
      classes: ["warm", "cold"],
      features: { model: "tiny", concepts: { colour: ["a red thing", "a blue thing"] } },
      input: { id: "picture" },
      synthesis: { programs: 0 },
    });
    const source = 'function label(row) { return row.scores.colour["a red thing"] > 0.5 ? "warm" : "cold"; }';
    const pictures = zipOf([
      { name: "one.png", content: await plainPicture({ r: 250, g: 0, b: 0 }) },
      { name: "two.png", content: await plainPicture({ r: 0, g: 0, b: 250 }) },
    ]);
    const drop = async ({ put }: Awaited<ReturnType<typeof started>>) => {
      await put("programs/red.js", source);
      await put("task.json", task);
      await put("data/things.zip", pictures);
    };
    using folder = folderOf({});
    {
      await using dev = await started(folder.path);
      await drop(dev);
      await dev.said("image tasks are not set up here.");
    }
    await using dev = await started(folder.path, {}, ["--models", models.path]);
    await drop(dev);
    await dev.said("ready     2 rows of mail/things");
    expect(await dev.get("outbox/mail/labels/things/report.html")).toContain("data:image/jpeg;base64,");
  });

  it("labels pictures by their pixels where pictures are labeled at all", async () => {
    using models = folderOf({});
    writeTinyModel(join(models.path, "tiny"));
    using folder = folderOf({});
    await using dev = await started(folder.path, {}, ["--models", models.path]);
    const source = 'function label({ pixels }) { return pixels[9][9][0] > 200 ? "warm" : "cold"; }';
    await dev.put("programs/red.js", source);
    const task = {
      modality: "image",
      classes: ["warm", "cold"],
      features: { model: "pixels" },
      synthesis: { programs: 0 },
    };
    await dev.put("task.json", taskText(task));
    const one = { name: "one.png", content: await plainPicture({ r: 250, g: 0, b: 0 }) };
    await dev.put("data/things.zip", zipOf([one]));
    await dev.said("ready     1 row of mail/things");
    const part = await dev.get("outbox/mail/labels/things/part-00000.jsonl");
    expect(JSON.parse(part ?? "").pseudolabel.label).toBe("warm");
  });

  it("writes a receipt anew that was taken away, when the data is dropped again", async () => {
    using folder = folderOf({});
    await using dev = await started(folder.path);
    for (const [name, body] of Object.entries(ownTask())) await dev.put(name, body);
    await dev.said("ready     5 rows of mail/mails");
    const receipt = await dev.get("outbox/mail/labels/mails/receipt.json");
    await dev.take("outbox/mail/labels/mails/receipt.json");
    await dev.put("data/mails.csv", ownTask()["data/mails.csv"]);
    await vi.waitFor(
      async () => expect(await dev.get("outbox/mail/labels/mails/receipt.json")).toBe(receipt),
      soon,
    );
  });

  it("says what to do where a folder has no models", async () => {
    using folder = folderOf({ "models/note.txt": "" });
    const args = [
      "dev",
      "--folder",
      join(folder.path, "bucket"),
      "--port",
      "0",
      "--models",
      `${folder.path}/models`,
    ];
    const { code, stderr } = await cli(args);
    expect(stderr).toContain(`${folder.path}/models: there is no model here.`);
    expect(code).toBe(1);
  });

  it("says what to do where its port is taken", async () => {
    using folder = folderOf({});
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await cli(["dev", "--folder", folder.path, "--port", String(port)]);
    const page = { state: () => [], read: () => undefined, put: () => undefined, mostBytes: 1 };
    const ofPage = await servePage({ port, ...page }).catch((error: Error) => error.message);
    await new Promise((resolve) => server.close(resolve));
    const problem = `port ${port}: something on this machine listens there already. Stop it, or choose another port; 0 takes a free one.`;
    expect([stderr, ofPage]).toEqual([`alchemist: ${problem}\n`, problem]);
    expect(code).toBe(1);
  });

  it("says what to do where its folder is in use", async () => {
    using folder = folderOf({});
    await using _dev = await started(folder.path);
    const { code, stderr } = await cli(["dev", "--folder", folder.path, "--port", "0"]);
    expect(stderr).toContain("another process works in this folder. Stop it, or choose another folder.");
    expect(code).toBe(1);
  });

  it.each([
    { args: ["--port", "70000"], message: "Expected a number from 0 to 65535" },
    { args: ["--llm", "live"], message: "--llm live: no key to ask with. Set OPENAI_API_KEY" },
  ])("refuses $args", async ({ args, message }) => {
    using folder = folderOf({});
    const { code, stderr } = await cli(["dev", "--folder", folder.path, ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });
});
