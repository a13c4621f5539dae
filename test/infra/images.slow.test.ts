import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, describe, expect, it } from "vitest";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { unpackScores } from "../../lib/contracts/features.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { FeaturesShards } from "../../lib/contracts/messages.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { fanOut } from "../../lib/fan-out/stage.ts";
import { deployedModel, pictureImage } from "../../lib/infra/picture-function.ts";
import { everyStage, rightsOf } from "../../lib/infra/rights.ts";
import { startFunction } from "../deploy/function-process.ts";
import { fetchRuntimeClient, isRuntimeClientHere } from "../deploy/runtime-client.ts";
import { awsServer } from "../support/aws-server.ts";
import { plainPicture, zipOf } from "../support/pictures.ts";
import { run as synthesizeIn, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";
import { sha256Of, tinyTextual, tinyVisual, writeTinyModel } from "../support/tiny-onnx.ts";
import { synthesized } from "./synthesized.ts";

const root = mkdtempSync(join(tmpdir(), "alchemist-images-"));
afterAll(() => rmSync(root, { recursive: true }));
writeTinyModel(join(root, "models/tiny"));
const manifest = {
  kind: "colours",
  logitScale: 20,
  embeddingSize: 3,
  visual: { sha256: sha256Of(tinyVisual()) },
  textual: { sha256: sha256Of(tinyTextual()) },
};
writeFileSync(join(root, "models/tiny/model.json"), JSON.stringify(manifest));

const context = {
  "alchemist.images": "true",
  "alchemist.imageModel": "tiny",
  "alchemist.modelsFolder": join(root, "models"),
};

describe("a deployment that labels pictures", () => {
  const { app, all, told } = synthesized(context);

  it("adds one stage, in a container of the processor that onnxruntime starts on", () => {
    const functions = all("AWS::Lambda::Function");
    const features = functions["features/Function"].Properties;
    expect(features).toMatchObject({
      Architectures: ["x86_64"],
      PackageType: "Image",
      Timeout: 900,
      MemorySize: 3_538,
    });
    expect(Object.keys(functions).sort()).toEqual(everyStage.map((stage) => `${stage}/Function`).sort());
    expect(
      Object.keys(all("AWS::CloudWatch::Alarm")).filter((name) => name.includes("features")),
    ).toHaveLength(3);
    const { Variables } = functions["fan-out/Function"].Properties.Environment as {
      Variables: Record<string, string>;
    };
    expect(JSON.parse(Variables.IMAGE_MODELS)).toEqual([deployedModel("tiny", join(root, "models")).card]);
  });

  it("gives it the data and state that it works on, and no secret, programs or outbox", () => {
    const [policy] = Object.values(all("AWS::IAM::Policy")).filter(({ Properties }) =>
      (Properties.Roles as unknown[]).map(told).includes("features/Role"),
    );
    const { Statement } = policy.Properties.PolicyDocument as {
      Statement: { Action: string | string[]; Resource: unknown }[];
    };
    const allowed = Statement.flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${told(resource)}`)),
    );
    expect(
      allowed.filter((one) => /GetObject|PutObject|SendMessage|Secret|Delete(?!Message)/.test(one)).sort(),
    ).toEqual([
      "s3:GetObject Bucket/inbox/*/data/*",
      "s3:GetObject Bucket/work/*/concepts.json",
      "s3:GetObject Bucket/work/*/features/*",
      "s3:GetObject Bucket/work/*/runs/*/run.json",
      "s3:GetObject Bucket/work/*/sources/*",
      "s3:GetObject Bucket/work/*/wanted/*",
      "s3:PutObject Bucket/work/*/features/*",
      "s3:PutObject Bucket/work/*/sources/*/rejected/*",
      "sqs:SendMessage label/Queue",
    ]);
  });

  it("adds to the rights of others what pictures need, and leaves those of other deployments as they are", () => {
    expect(rightsOf("label", { images: true }).read).toEqual([
      ...rightsOf("label", { images: false }).read,
      "work/*/features/scores/*",
    ]);
    for (const stage of ["train", "verify"] as const)
      expect(rightsOf(stage, { images: true }).read).toEqual([
        ...rightsOf(stage, { images: false }).read,
        "work/*/features/*/pictures/*",
      ]);
    const publish = rightsOf("publish", { images: false });
    expect(rightsOf("publish", { images: true })).toEqual({
      ...publish,
      read: [...publish.read, "work/*/features/*"],
    });
  });

  it("passes cdk-nag's AwsSolutions", () => {
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  });

  it("says what to do where the model is not on the machine that deploys", () => {
    expect(() => deployedModel("clip-vit-b-32", root)).toThrow(
      `cdk.json: context.alchemist.imageModel: there is no model.json in ${join(root, "clip-vit-b-32")}. Fetch the model with alchemist models pull clip-vit-b-32`,
    );
  });
});

it("the container's entry scores pictures under AWS's own runtime client", async (test) => {
  if (!(await isRuntimeClientHere())) return test.skip("npm run verify:deploy fetches aws-lambda-ric");
  const client = await fetchRuntimeClient();
  const folder = join(root, "task");
  mkdirSync(folder);
  pictureImage(deployedModel("tiny", join(root, "models")), folder);
  expect(readdirSync(folder).sort()).toEqual([
    "Dockerfile",
    "clip-vocabulary.txt.gz",
    "index.mjs",
    "models",
    "package.json",
    "visual-worker.mjs",
  ]);
  // What `npm install` leaves in the image.
  symlinkSync(join(import.meta.dirname, "../../node_modules"), join(folder, "node_modules"));

  await using server = await awsServer();
  server.createBucket("alchemist");
  const s3 = new S3Client(server.clientSettings);
  const store = s3ObjectStore(s3, "alchemist");
  const file = FileName.parse("things.zip");
  const more = {
    modality: "image",
    features: { model: "tiny", concepts: { colour: ["red", "blue"] } },
    synthesis: { programs: 0 },
  };
  await store.put(keys.taskFile(task, "task.json"), taskText(more));
  await store.put(
    `${keys.ownProgramsOf(task)}red.js`,
    'function label(row) { return row.scores && row.scores.colour.red > 0.5 ? "spam" : null; }',
  );
  await store.put(keys.data(task, file), zipOf([{ name: "a.png", content: await plainPicture("red") }]));
  await synthesizeIn(store);
  const settings = { modelCard: async () => deployedModel("tiny", join(root, "models")).card };
  const [sent] = await Array.fromAsync(
    fanOut({ stage: "fan-out", task, file }, { store, report: () => {} }, settings),
  );
  const message = FeaturesShards.parse(sent);

  const running = await startFunction(client, {
    name: "features",
    handler: "index.handler",
    timeoutMs: 60_000,
    memoryMiB: 1_769,
    taskFolder: folder,
    environment: {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      BUCKET_NAME: "alchemist",
      QUEUE_URL_LABEL: server.createQueue("label"),
      MODELS_FOLDER: join(folder, "models"),
    },
  });
  try {
    const answer = await running.invoke({ Records: [{ messageId: "1", body: JSON.stringify(message) }] });
    expect(answer).toEqual({ result: { batchItemFailures: [] } });
  } finally {
    await running.stop();
  }
  const { model, rows } = unpackScores(await store.get(keys.scores(task, message.hashes[0])));
  expect({ model, rows }).toEqual({ model: { name: "tiny", kind: "colours" }, rows: 1 });
  s3.destroy();
});
