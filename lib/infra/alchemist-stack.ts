import { Stack, type StackProps, Tags } from "aws-cdk-lib";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { Alarms } from "./alarms.ts";
import { Board } from "./board.ts";
import { DatabaseBucket } from "./database-bucket.ts";
import { LabelsReady } from "./labels-ready.ts";
import { ModelKey } from "./model-key.ts";
import { Notices } from "./notices.ts";
import { outputs } from "./outputs.ts";
import { rights, type StageId } from "./rights.ts";
import { readSettings } from "./settings.ts";
import { spending } from "./spending.ts";
import { Stage } from "./stage.ts";
import { containerized, type MakeFunction, programLayers, zipped } from "./stage-function.ts";

/** What everything is tagged with, so that a bill can be read by it. */
const TAG = { key: "project", value: "alchemist" };

/** Not every region takes tags of these yet. */
const UNTAGGED = ["AWS::CloudWatch::Dashboard"];

/** The whole of Alchemist: files dropped into a bucket come out of it as labels, and nothing runs in between. */
export class AlchemistStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, {
      description: "Alchemist: drop a task and data into a bucket, take pseudolabels from it",
      ...props,
    });
    Tags.of(this).add(TAG.key, TAG.value, { excludeResourceTypes: UNTAGGED });
    const { email, monthlyBudgetUsd, model, baseUrl, ...settings } = readSettings(this.node);

    const stage = (id: StageId, makeFunction: MakeFunction = zipped(id)) =>
      new Stage(this, id, {
        makeFunction,
        concurrency: settings.concurrency[id],
        logRetention: settings.logRetentionDays satisfies RetentionDays,
      });
    const { architecture, labelIn } = settings;
    const layers = programLayers(this, architecture);
    const intake = stage("intake");
    const synthesize = stage("synthesize", zipped("synthesize", layers, architecture));
    const fanOut = stage("fan-out");
    const label = stage(
      "label",
      labelIn === "layer" ? zipped("label", layers, architecture) : containerized("label", architecture),
    );
    const aggregate = stage("aggregate");
    const publish = stage("publish");
    const watch = stage("watch");
    const stages = [intake, synthesize, fanOut, label, aggregate, publish, watch];

    const bucket = new DatabaseBucket(this, "Bucket");
    bucket.notifies(intake.queue);
    for (const each of stages) each.uses(bucket, rights[each.node.id as StageId]);

    intake.feeds(synthesize);
    intake.feeds(fanOut);
    synthesize.feeds(fanOut);
    fanOut.feeds(synthesize);
    fanOut.feeds(label);
    fanOut.feeds(aggregate);
    fanOut.feeds(watch);
    label.feeds(aggregate);
    aggregate.feeds(publish);
    publish.feeds(publish);
    watch.feeds(watch);

    synthesize.asks(new ModelKey(this, "ModelKey"), baseUrl);
    if (model) for (const each of [synthesize, fanOut]) each.function.addEnvironment("MODEL_NAME", model);

    for (const each of [synthesize, label]) {
      each.function.addEnvironment("LEAST_HARDENING", settings.hardening);
    }

    const notices = new Notices(this, "Notices", { email });
    new Alarms(this, "Alarms", { stages, topic: notices, monthlyBudgetUsd });
    const board = new Board(this, "Board", { stages, monthlyBudgetUsd });
    const ready = new LabelsReady(this, "LabelsReady", { bucket });
    if (email) {
      ready.tells(notices);
      spending(this, { tag: TAG, email, monthlyBudgetUsd });
    }

    outputs(this, { bucket, stages, board, notices });
  }
}
