import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { standingUseOf } from "../../bench/cloud-standing.ts";
import { stages } from "../../lib/infra/rights.ts";
import { awsListPrices } from "../../lib/prices/aws-prices.ts";
import { cloudCost } from "../../lib/prices/cloud-cost.ts";
import { synthesized } from "./synthesized.ts";

const { template, resources, all, told } = synthesized({
  "alchemist.email": "ops@example.com",
  "alchemist.model": "gpt-4o-mini",
  "alchemist.baseUrl": "https://models.example.com/v1",
});

describe("each stage", () => {
  const queues = all("AWS::SQS::Queue");
  const functions = all("AWS::Lambda::Function");
  const mappings = all("AWS::Lambda::EventSourceMapping");

  it.each([
    { stage: "intake", memory: 512, timeout: 30, batch: 10, concurrency: 10 },
    { stage: "synthesize", memory: 1769, timeout: 900, batch: 1, concurrency: 5, fifo: true },
    { stage: "fan-out", memory: 1769, timeout: 900, batch: 1, concurrency: 10 },
    { stage: "label", memory: 1769, timeout: 900, batch: 1, concurrency: 100 },
    { stage: "aggregate", memory: 3008, timeout: 300, batch: 1, concurrency: 10 },
    { stage: "train", memory: 1769, timeout: 900, batch: 1, concurrency: 5 },
    { stage: "verify", memory: 1024, timeout: 900, batch: 1, concurrency: 5, fifo: true },
    { stage: "publish", memory: 1024, timeout: 120, batch: 1, concurrency: 50 },
    { stage: "watch", memory: 512, timeout: 60, batch: 10, concurrency: 2, delay: 900 },
  ])("is a queue, a function and a queue for what fails: $stage", (expected) => {
    const { stage, memory, timeout, batch, concurrency, fifo, delay = 0 } = expected;
    const queue = queues[`${stage}/Queue`].Properties;
    expect(queue).toMatchObject({
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 6 * timeout,
      RedrivePolicy: { maxReceiveCount: 5 },
      DelaySeconds: delay,
    });
    expect(queue.FifoQueue).toBe(fifo);
    expect(told((queue.RedrivePolicy as Record<string, unknown>).deadLetterTargetArn)).toBe(
      `${stage}/DeadLetters`,
    );
    const deadLetters = queues[`${stage}/DeadLetters`].Properties;
    expect(deadLetters).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3600 });
    expect(deadLetters.FifoQueue).toBe(fifo);

    expect(functions[`${stage}/Function`].Properties).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      MemorySize: memory,
      Timeout: timeout,
    });
    expect(functions[`${stage}/Function`].Properties).not.toHaveProperty("ReservedConcurrentExecutions");
    const mapping = mappings[`${stage}/Source`].Properties;
    expect(mapping).toMatchObject({
      BatchSize: batch,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: concurrency },
    });
    expect([told(mapping.EventSourceArn), told(mapping.FunctionName)]).toEqual([
      `${stage}/Queue`,
      `${stage}/Function`,
    ]);
  });

  it("refuses messages that come without TLS, on every queue", () => {
    const policies = all("AWS::SQS::QueuePolicy");
    expect(Object.keys(policies)).toHaveLength(2 * stages.length);
    for (const { Properties } of Object.values(policies)) {
      expect(Properties.PolicyDocument).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Action: "sqs:*",
            Effect: "Deny",
            Principal: { AWS: "*" },
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          }),
        ]),
      });
    }
  });

  it("knows the bucket, the queues it feeds, and nothing else", () => {
    const environments = Object.entries(functions).map(([name, { Properties }]) => {
      const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
      return [name, Object.fromEntries(Object.entries(Variables).map(([key, value]) => [key, told(value)]))];
    });
    expect(Object.fromEntries(environments)).toEqual({
      "intake/Function": {
        BUCKET_NAME: "Bucket",
        QUEUE_URL_SYNTHESIZE: "synthesize/Queue",
        QUEUE_URL_FAN_OUT: "fan-out/Queue",
      },
      "synthesize/Function": {
        BUCKET_NAME: "Bucket",
        QUEUE_URL_FAN_OUT: "fan-out/Queue",
        MODEL_KEY_SECRET: "ModelKey/Secret",
        OPENAI_BASE_URL: "https://models.example.com/v1",
        MODEL_NAME: "gpt-4o-mini",
        LEAST_HARDENING: "standard",
      },
      "fan-out/Function": {
        BUCKET_NAME: "Bucket",
        QUEUE_URL_SYNTHESIZE: "synthesize/Queue",
        QUEUE_URL_LABEL: "label/Queue",
        QUEUE_URL_AGGREGATE: "aggregate/Queue",
        QUEUE_URL_VERIFY: "verify/Queue",
        QUEUE_URL_WATCH: "watch/Queue",
        MODEL_NAME: "gpt-4o-mini",
      },
      "label/Function": {
        BUCKET_NAME: "Bucket",
        QUEUE_URL_AGGREGATE: "aggregate/Queue",
        LEAST_HARDENING: "standard",
      },
      "aggregate/Function": {
        BUCKET_NAME: "Bucket",
        QUEUE_URL_TRAIN: "train/Queue",
        QUEUE_URL_VERIFY: "verify/Queue",
      },
      "train/Function": { BUCKET_NAME: "Bucket", QUEUE_URL_VERIFY: "verify/Queue" },
      "verify/Function": {
        BUCKET_NAME: "Bucket",
        QUEUE_URL_VERIFY: "verify/Queue",
        QUEUE_URL_PUBLISH: "publish/Queue",
        MODEL_KEY_SECRET: "ModelKey/Secret",
        OPENAI_BASE_URL: "https://models.example.com/v1",
      },
      "publish/Function": {
        BUCKET_NAME: "Bucket",
        QUEUE_URL_PUBLISH: "publish/Queue",
      },
      "watch/Function": { BUCKET_NAME: "Bucket", QUEUE_URL_WATCH: "watch/Queue" },
    });
  });

  it("has its isolates from a layer of its processor, only where programs run", () => {
    const layered = Object.entries(functions).filter(([, { Properties }]) => Properties.Layers);
    expect(layered.map(([name]) => name)).toEqual(["synthesize/Function", "label/Function"]);
    template.hasResourceProperties("AWS::Lambda::LayerVersion", {
      CompatibleArchitectures: ["arm64"],
      CompatibleRuntimes: ["nodejs24.x"],
    });
  });

  it("keeps its log for a month, and takes it along when the stack goes", () => {
    const logs = all("AWS::Logs::LogGroup");
    expect(Object.keys(logs)).toEqual(stages.map((stage) => `${stage}/Logs`));
    for (const { Properties, DeletionPolicy } of Object.values(logs)) {
      expect([Properties.RetentionInDays, DeletionPolicy]).toEqual([30, "Delete"]);
    }
  });
});

describe("operations", () => {
  it("watch dead letters, waiting messages and dying calls of every stage, standing runs and dollars", () => {
    const alarms = all("AWS::CloudWatch::Alarm");
    expect(Object.keys(alarms)).toEqual([
      ...stages.flatMap((stage) =>
        ["dead-letters", "oldest-message", "errors"].map((what) => `Alarms/${stage}-${what}`),
      ),
      "Alarms/runs-standing-still",
      "Alarms/runs-drifted",
      "Alarms/model-dollars",
    ]);
    for (const { Properties } of Object.values(alarms)) {
      expect((Properties.AlarmActions as unknown[]).map(told)).toEqual(["Notices"]);
      expect(Properties.TreatMissingData).toBe("notBreaching");
      expect(Properties.AlarmDescription).toMatch(/\.$/);
    }
    expect(alarms["Alarms/model-dollars"].Properties).toMatchObject({
      Threshold: 5,
      Metrics: expect.arrayContaining(
        ["synthesize", "verify"].map((Value) =>
          expect.objectContaining({
            MetricStat: expect.objectContaining({
              Metric: expect.objectContaining({ Dimensions: [{ Name: "service", Value }] }),
              Period: 24 * 3600,
              Stat: "Sum",
            }),
          }),
        ),
      ),
    });
  });

  it("let alarms and events write to people, over TLS", () => {
    const [{ Properties }] = Object.values(all("AWS::SNS::TopicPolicy"));
    const { Statement } = Properties.PolicyDocument as { Statement: Record<string, unknown>[] };
    const writers = Statement.map(({ Effect, Principal, Condition }) => [Effect, Principal, Condition]);
    expect(writers).toEqual([
      ["Deny", "*", { Bool: { "aws:SecureTransport": "false" } }],
      [
        "Allow",
        { Service: "cloudwatch.amazonaws.com" },
        { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      ],
      ["Allow", { Service: "events.amazonaws.com" }, undefined],
    ]);
    template.hasResourceProperties("AWS::SNS::Subscription", {
      Protocol: "email",
      Endpoint: "ops@example.com",
    });
  });

  it("tell people of labels, by S3's own event of one key", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: {
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: {
          bucket: { name: [{ Ref: Match.anyValue() }] },
          object: { key: [{ wildcard: "work/*/ready/*" }] },
        },
      },
      Targets: [
        {
          InputTransformer: {
            InputPathsMap: {
              "detail-bucket-name": "$.detail.bucket.name",
              "detail-object-key": "$.detail.object.key",
            },
            InputTemplate: Match.stringLikeRegexp('^"Labels are ready\\. .*"$'),
          },
        },
      ],
    });
  });

  it("budget what AWS bills for everything with our tag", () => {
    template.hasResourceProperties("AWS::Budgets::Budget", {
      Budget: {
        BudgetLimit: { Amount: 20, Unit: "USD" },
        TimeUnit: "MONTHLY",
        CostFilters: { TagKeyValue: ["user:project$alchemist"] },
      },
    });
  });

  it("deploy the place for the model's key empty", () => {
    expect(Object.values(all("AWS::SecretsManager::Secret"))[0].Properties).toEqual({
      Description: expect.any(String),
      Tags: [{ Key: "project", Value: "alchemist" }],
    });
  });
});

it("tags everything that a bill can name, and stages by their names", () => {
  const tagsOf = (type: string) =>
    Object.entries(all(type)).map(([name, { Properties }]) => [
      name.split("/")[0],
      Object.fromEntries(
        (Properties.Tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]),
      ),
    ]);
  for (const type of ["AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::Logs::LogGroup"]) {
    for (const [stage, tags] of tagsOf(type)) expect(tags).toEqual({ project: "alchemist", stage });
  }
  for (const type of ["AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::CloudWatch::Alarm"]) {
    for (const [, tags] of tagsOf(type)) expect(tags).toEqual({ project: "alchemist" });
  }
});

it("deploys no function that is not a stage's", () => {
  const functions = Object.values(resources).filter(({ Type }) => Type === "AWS::Lambda::Function");
  expect(functions).toHaveLength(stages.length);
});

it("prints where things are, and commands to paste", () => {
  const outputs = Object.fromEntries(
    Object.entries(template.findOutputs("*")).map(([name, { Value }]) => [name, told(Value)]),
  );
  expect(outputs).toEqual({
    BucketName: "Bucket",
    Inbox: "s3://Bucket/inbox/",
    Work: "s3://Bucket/work/",
    Outbox: "s3://Bucket/outbox/",
    StoreKey:
      'aws secretsmanager put-secret-value --region <AWS::Region> --secret-id ModelKey/Secret --secret-string "$OPENAI_API_KEY"',
    Demonstration:
      'aws s3 cp examples/spam-email s3://Bucket/inbox/spam-email/ --recursive --exclude "*" --include "data/*" --include "replies/*" && aws s3 cp examples/spam-email/task.yaml s3://Bucket/inbox/spam-email/',
    DemonstrationLabels: "aws s3 ls s3://Bucket/outbox/spam-email/labels/emails/",
    Dashboard:
      "https://<AWS::Region>.console.aws.amazon.com/cloudwatch/home?region=<AWS::Region>#dashboards:name=Board/Dashboard",
    NoticesTopic: "Notices",
    DeadLettersIntake: "intake/DeadLetters",
    DeadLettersSynthesize: "synthesize/DeadLetters",
    DeadLettersFanOut: "fan-out/DeadLetters",
    DeadLettersLabel: "label/DeadLetters",
    DeadLettersAggregate: "aggregate/DeadLetters",
    DeadLettersTrain: "train/DeadLetters",
    DeadLettersVerify: "verify/DeadLetters",
    DeadLettersPublish: "publish/DeadLetters",
    DeadLettersWatch: "watch/DeadLetters",
  });
});

it("costs in a month without drops what docs/cost.md says", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/cost.md"), "utf8");
  const { items, usd } = cloudCost(standingUseOf(resources), awsListPrices);
  const polling = (items.sqsRequests ?? 0) + (items.sqsFifoRequests ?? 0);
  const rest = [items.alarmMonths, items.dashboardMonths, items.secretMonths];
  expect(page.match(/(?<=\| +\**)\$[\d.]+(?=\** \|$)/gm)).toEqual(
    [polling, ...rest, usd].map((value) => `$${(value ?? 0).toFixed(2)}`),
  );
});
