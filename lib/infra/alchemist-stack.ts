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
import { deployedModel, pictureFunction } from "./picture-function.ts";
import { rightsOf, type StageId } from "./rights.ts";
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
    const train = stage("train");
    const verify = stage("verify");
    const publish = stage("publish");
    const watch = stage("watch");
    const imageModel = settings.images
      ? deployedModel(settings.imageModel, settings.modelsFolder)
      : undefined;
    const features = imageModel && stage("features", pictureFunction(imageModel));
    const stages = [
      intake,
      synthesize,
      fanOut,
      label,
      aggregate,
      train,
      verify,
      publish,
      watch,
      ...(features ? [features] : []),
    ];

    const bucket = new DatabaseBucket(this, "Bucket");
    bucket.notifies(intake.queue);
    for (const each of stages) each.uses(bucket, rightsOf(each.node.id as StageId, settings));

    intake.feeds(synthesize);
    intake.feeds(fanOut);
    synthesize.feeds(fanOut);
    fanOut.feeds(synthesize);
    fanOut.feeds(label);
    if (features && imageModel) {
      fanOut.feeds(features);
      features.feeds(label);
      for (const each of [synthesize, fanOut]) {
        each.function.addEnvironment("IMAGE_MODELS", JSON.stringify([imageModel.card]));
      }
    }
    fanOut.feeds(aggregate);
    fanOut.feeds(watch);
    label.feeds(aggregate);
    fanOut.feeds(verify);
    aggregate.feeds(train);
    aggregate.feeds(verify);
    train.feeds(verify);
    verify.feeds(verify);
    verify.feeds(publish);
    publish.feeds(publish);
    watch.feeds(watch);

    const key = new ModelKey(this, "ModelKey");
    for (const each of [synthesize, verify]) each.asks(key, baseUrl);
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
