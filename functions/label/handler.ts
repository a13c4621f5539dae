import { availableParallelism } from "node:os";
import { S3Client } from "@aws-sdk/client-s3";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { isolateRunner } from "../../lib/adapters/isolates/isolate-runner.ts";
import { readConfig, StageConfig } from "../../lib/config.ts";
import { LabelShards } from "../../lib/contracts/messages.ts";
import { labelShards } from "../../lib/label/stage.ts";
import { sqsStage } from "../sqs-stage.ts";

const config = readConfig(
  StageConfig.pick({ BUCKET_NAME: true, QUEUE_URL_AGGREGATE: true, LEAST_HARDENING: true }),
  process.env,
);
const ports = {
  store: s3ObjectStore(new S3Client(), config.BUCKET_NAME),
  runner: isolateRunner({ children: availableParallelism(), leastHardening: config.LEAST_HARDENING }),
};

/** label: every program over a batch of shards → votes; the last batch of a group starts `aggregate`. */
export const handler = sqsStage(
  "label",
  LabelShards,
  (message, report) => labelShards(message, { ...ports, report }),
  sqsSender({ aggregate: config.QUEUE_URL_AGGREGATE }),
);
