import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflateRawSync } from "node:zlib";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildIsolatesLayer } from "../../layers/isolates/build.ts";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { ABSTAIN } from "../../lib/contracts/columns.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { FanOutData, LabelShards } from "../../lib/contracts/messages.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { unpackVotes } from "../../lib/contracts/votes.ts";
import { fanOut } from "../../lib/fan-out/stage.ts";
import { bundle } from "../../lib/infra/bundle.ts";
import { stages } from "../../lib/infra/rights.ts";
import { loadRun } from "../../lib/run-objects.ts";
import { awsServer } from "../support/aws-server.ts";
import { drawn, pdfOf } from "../support/pdfs.ts";
import { run as synthesizeIn, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

const MIB = 1024 * 1024;
const MOST_BOOT_MS = 400;
/** What Node takes for nothing at all; where it takes longer, the machine is busy and everything does. */
const BARE_MS = 70;
const MOST_ZIPPED_BYTES = 5 * MIB;
/** Lambda's bound for a function and its layers. */
const MOST_UNZIPPED_BYTES = 250 * MIB;

const root = mkdtempSync(join(tmpdir(), "alchemist-bundles-"));
afterAll(() => rmSync(root, { recursive: true }));

/** As Lambda lays it out: a function in a folder of its own, layers in another. */
const functionOf = (stage: string) => join(root, stage, "task");
const layer = join(root, "opt");
const layerBytes = buildIsolatesLayer(`${process.platform}-${process.arch}`, layer).bytes;

const server = await awsServer();
afterAll(() => server[Symbol.asyncDispose]());

const environment: Record<string, string> = {
  NODE_PATH: join(layer, "nodejs/node_modules"),
  AWS_ENDPOINT_URL: server.endpoint,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  BUCKET_NAME: "alchemist",
  MODEL_KEY_SECRET: "arn:aws:secretsmanager:us-east-1:000000000000:secret:key",
  ...Object.fromEntries(
    stages.map((stage) => [
      `QUEUE_URL_${stage.toUpperCase().replaceAll("-", "_")}`,
      server.createQueue(stage),
    ]),
  ),
};

/** Runs a module in a fresh process without any packages near. */
const node = (source: string, more: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: root,
    env: { ...environment, ...more },
  });

/** Its own time on a processor: how long a process waits for one on a busy machine is not the bundle's doing. */
async function processorMs(source: string): Promise<number> {
  const { stdout } = await node(`
    ${source};
    const { user, system } = process.threadCpuUsage();
    console.log((user + system) / 1_000);
    process.exit();
  `);
  return Number(stdout);
}

const importOf = (stage: string) => `await import(${JSON.stringify(join(functionOf(stage), "index.mjs"))})`;

beforeAll(() => {
  for (const stage of stages) bundle(stage, functionOf(stage));
}, 60_000);

describe.each(stages)("the bundle of %s", (stage) => {
  const files = () =>
    readdirSync(functionOf(stage), { recursive: true, withFileTypes: true }).filter(
      (entry) => !entry.isDirectory(),
    );

  it("is JavaScript, and has a second script only where programs run, a third where PDFs are read", () => {
    const children = { synthesize: ["child.mjs", "pdf-child.mjs"], label: ["child.mjs"] };
    const scripts = [
      ...(Object.entries(children).find(([name]) => name === stage)?.[1] ?? []),
      "index.mjs",
    ].sort();
    expect(files().map(({ name }) => name)).toEqual(scripts);
    for (const name of scripts) {
      expect(
        readFileSync(join(functionOf(stage), name))
          .subarray(0, 6)
          .toString(),
      ).toBe("import");
    }
  });

  it("is under 5 MiB zipped, and far from Lambda's bound with its layer", () => {
    const contents = files().map(({ name }) => readFileSync(join(functionOf(stage), name)));
    const zipped = contents.reduce((sum, content) => sum + deflateRawSync(content).byteLength, 0);
    const unzipped = contents.reduce((sum, content) => sum + content.byteLength, layerBytes);
    expect(zipped).toBeLessThan(MOST_ZIPPED_BYTES);
    expect(unzipped).toBeLessThan(MOST_UNZIPPED_BYTES);
  });

  it("boots in a fresh process in under 400 ms", async () => {
    const times: number[] = [];
    for (let time = 0; time < 5; time++) {
      const busy = Math.max(1, (await processorMs("")) / BARE_MS);
      times.push((await processorMs(`(${importOf(stage)}).handler.call`)) / busy);
    }
    expect(Math.min(...times)).toBeLessThan(MOST_BOOT_MS);
  });

  it("boots without configuration only to say which variable is missing", async () => {
    const { stderr } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", importOf(stage)],
      {
        cwd: root,
        env: { AWS_REGION: "us-east-1" },
      },
    ).catch((error: { stderr: string }) => error);
    expect(stderr.match(/^\w+: environment variable.*$/m)?.[0]).toBe(
      "InvalidInputError: environment variable BUCKET_NAME: Set it to the name of the bucket.",
    );
  });
});

it("the bundle of synthesize reads a PDF with nothing but its own script", async () => {
  const child = join(functionOf("synthesize"), "pdf-child.mjs");
  const reading = promisify(execFile)(process.execPath, ["--permission", `--allow-fs-read=${child}`, child], {
    env: {},
  });
  reading.child.stdin?.end(pdfOf(drawn("Refunds take five days.")));
  expect(JSON.parse((await reading).stdout)).toEqual({ pages: ["Refunds take five days."] });
});

it.each(["standard", "paranoid"])(
  "the bundle of label runs programs, with the layer's isolates: %s",
  async (level) => {
    const client = new S3Client(server.clientSettings);
    server.createBucket(`alchemist-${level}`);
    const store = s3ObjectStore(client, `alchemist-${level}`);
    const file = FileName.parse("inbox.csv");
    await store.put(keys.taskFile(task, "task.json"), taskText({ synthesis: { programs: 1 } }));
    await store.put(keys.data(task, file), 'text\nfree money\nhello\n"free, at last"\n');
    await synthesizeIn(store);
    const ports = { store, report: () => {} };
    const sent = await Array.fromAsync(fanOut(FanOutData.parse({ stage: "fan-out", task, file }), ports));
    const message = LabelShards.parse(sent.find(({ stage }) => stage === "label"));

    const event = { Records: [{ messageId: "1", body: JSON.stringify(message) }] };
    const context = { functionName: "label", awsRequestId: "1" };
    const { stdout } = await node(
      `
    const { handler } = ${importOf("label")};
    const response = await handler(${JSON.stringify(event)}, ${JSON.stringify(context)});
    console.log(JSON.stringify(response));
    process.exit();
  `,
      { BUCKET_NAME: `alchemist-${level}`, LEAST_HARDENING: level },
    );

    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toEqual({ batchItemFailures: [] });
    const { set } = await loadRun(store, task, message.run);
    const { columns } = unpackVotes(await store.get(keys.votes(task, message.hashes[0], set)));
    expect(columns.map((votes) => [...votes])).toEqual([[0, ABSTAIN, 0]]);
    client.destroy();
  },
);
