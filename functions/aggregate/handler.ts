import { S3Client } from "@aws-sdk/client-s3";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { aggregateGroup } from "../../lib/aggregate/stage.ts";
import { readConfig, StageConfig } from "../../lib/config.ts";
import { AggregateGroup } from "../../lib/contracts/messages.ts";
import { sqsStage } from "../sqs-stage.ts";

const config = readConfig(
  StageConfig.pick({ BUCKET_NAME: true, QUEUE_URL_TRAIN: true, QUEUE_URL_VERIFY: true }),
  process.env,
);
const store = s3ObjectStore(new S3Client(), config.BUCKET_NAME);

/** aggregate: a group's histograms, merged; the last group fits the label model and starts `verify`, or `train`. */
export const handler = sqsStage(
  "aggregate",
  AggregateGroup,
  (message, report) => aggregateGroup(message, { store, report }),
  sqsSender({ train: config.QUEUE_URL_TRAIN, verify: config.QUEUE_URL_VERIFY }),
);
