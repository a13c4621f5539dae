import { S3Client } from "@aws-sdk/client-s3";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { readConfig, StageConfig } from "../../lib/config.ts";
import { TrainEndModel } from "../../lib/contracts/messages.ts";
import { trainEndModel } from "../../lib/train/stage.ts";
import { sqsStage } from "../sqs-stage.ts";

const config = readConfig(StageConfig.pick({ BUCKET_NAME: true, QUEUE_URL_VERIFY: true }), process.env);
const store = s3ObjectStore(new S3Client(), config.BUCKET_NAME);

/** train: a sample of a run's rows and their labels → the end model; starts `verify`. */
export const handler = sqsStage(
  "train",
  TrainEndModel,
  (message, report) => trainEndModel(message, { store, report }),
  sqsSender({ verify: config.QUEUE_URL_VERIFY }),
);
