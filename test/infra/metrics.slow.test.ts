import { Readable } from "node:stream";
import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Code, Function as Fn, Runtime } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Topic } from "aws-cdk-lib/aws-sns";
import { expect, it, vi } from "vitest";
import { sqsStage } from "../../functions/sqs-stage.ts";
import { hashOf } from "../../lib/contracts/hash.ts";
import { AggregateGroup, type Message } from "../../lib/contracts/messages.ts";
import { Alarms } from "../../lib/infra/alarms.ts";
import { Board } from "../../lib/infra/board.ts";
import { stages } from "../../lib/infra/rights.ts";
import { Stage } from "../../lib/infra/stage.ts";
import type { MakeFunction } from "../../lib/infra/stage-function.ts";
import type { Progress } from "../../lib/ports.ts";

/** What each stage reports, once. */
const REPORTS: Record<(typeof stages)[number], Progress[]> = {
  intake: [
    { stage: "intake", key: "inbox/mail/notes.txt", ignored: "it starts nothing" },
    { stage: "refused", code: "invalid-input", message: "no" },
  ],
  synthesize: [
    { stage: "synthesize", calls: 2, replayed: 0, usd: 0.01, programs: 2 },
    { stage: "refused", code: "invalid-input", message: "no" },
  ],
  "fan-out": [
    { stage: "fan-out", file: "mails.csv", rows: 9, rejected: 1, bytes: 90, totalBytes: 90 },
    { stage: "refused", code: "invalid-input", message: "no" },
  ],
  label: [{ stage: "label", rows: 9, covered: 6, computed: 18, reused: 0, abstained: 9, faults: 1 }],
  aggregate: [{ stage: "aggregate", labelModel: "majority", patterns: 3, rows: 9 }],
  train: [{ stage: "train", rows: 6, agreement: 0.9, seconds: 1 }],
  verify: [{ stage: "verify", calls: 1, replayed: 0, usd: 0.01 }],
  publish: [
    { stage: "publish", rows: 9 },
    { stage: "ready", labels: "outbox/mail/labels/mails/" },
    { stage: "drift", findings: ["free"] },
  ],
  watch: [{ stage: "watch", marks: 1, standsStill: true }],
};

/** The metrics that functions write while they report all this: `label Rows`. */
async function writtenMetrics(): Promise<Set<string>> {
  // Warnings of the log are not what this is about.
  vi.spyOn(console, "warn").mockReturnValue();
  const written = new Set<string>();
  vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    const { _aws, ...values } = JSON.parse(String(line));
    for (const { Namespace, Dimensions, Metrics } of _aws?.CloudWatchMetrics ?? []) {
      expect([Namespace, Dimensions]).toEqual(["Alchemist", [["service"]]]);
      for (const { Name } of Metrics) written.add(`${values.service} ${Name}`);
    }
    return true;
  });
  // Any message does: the stage that it starts is played here.
  const message = { stage: "aggregate", task: "mail", run: hashOf("run"), group: 0 };
  const Records = [{ messageId: "1", body: JSON.stringify(message) }];
  for (const stage of stages) {
    const handler = sqsStage(
      stage,
      AggregateGroup,
      (_message, report) => {
        for (const progress of REPORTS[stage]) report(progress);
        return Readable.from([]) as AsyncIterable<Message>;
      },
      async (messages) => void (await Array.fromAsync(messages)),
    );
    await handler({ Records } as never, { functionName: stage } as never);
  }
  vi.restoreAllMocks();
  return written;
}

/** The metrics of ours that a template's alarms and dashboard look at. */
function watchedMetrics(): { alarms: Set<string>; board: Set<string> } {
  const stack = new Stack();
  const makeFunction: MakeFunction = (scope, id, options) =>
    new Fn(scope, id, {
      ...options,
      runtime: Runtime.NODEJS_24_X,
      handler: "index.handler",
      code: Code.fromInline("exports.handler = () => {};"),
    });
  const props = { makeFunction, concurrency: 2, logRetention: RetentionDays.ONE_DAY };
  const all = stages.map((id) => new Stage(stack, id, props));
  new Alarms(stack, "Alarms", { stages: all, topic: new Topic(stack, "Topic"), monthlyBudgetUsd: 20 });
  new Board(stack, "Board", { stages: all, monthlyBudgetUsd: 20 });
  const template = Template.fromStack(stack);

  const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm"))
    .flatMap(({ Properties }) => [
      Properties,
      ...(Properties.Metrics ?? []).map(
        (one: { MetricStat?: { Metric: unknown } }) => one.MetricStat?.Metric,
      ),
    ])
    .filter((metric) => metric?.Namespace === "Alchemist")
    .map(({ MetricName, Dimensions: [{ Name, Value }] }) => {
      expect(Name).toBe("service");
      return `${Value} ${MetricName}`;
    });
  const [{ Properties }] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
  const body = Properties.DashboardBody["Fn::Join"][1]
    .map((part: unknown) => (typeof part === "string" ? part : "reference"))
    .join("");
  const board = [...body.matchAll(/"Alchemist","(\w+)","service","([\w-]+)"/g)].map(
    ([, name, stage]) => `${stage} ${name}`,
  );
  return { alarms: new Set(alarms), board: new Set(board) };
}

it("what alarms and dashboard look at is what functions write, and nothing that they write is left out", async () => {
  const written = await writtenMetrics();
  const { alarms, board } = watchedMetrics();
  expect(alarms).toEqual(
    new Set([
      "watch RunsStandingStill",
      "publish RunsDrifted",
      "synthesize ModelDollars",
      "verify ModelDollars",
    ]),
  );
  expect([...alarms].filter((metric) => !written.has(metric))).toEqual([]);
  expect([...board].filter((metric) => !written.has(metric))).toEqual([]);
  const unseen = [...written].filter((metric) => !board.has(metric) && !metric.endsWith(" Messages"));
  expect(unseen).toEqual([]);
});
