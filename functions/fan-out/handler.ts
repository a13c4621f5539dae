import { S3Client } from "@aws-sdk/client-s3";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { readConfig, StageConfig } from "../../lib/config.ts";
import { FanOutData } from "../../lib/contracts/messages.ts";
import { fanOut } from "../../lib/fan-out/stage.ts";
import { logProgress } from "../log.ts";
import { sqsStage } from "../sqs-stage.ts";

const config = readConfig(
  StageConfig.pick({ BUCKET_NAME: true, QUEUE_URL_LABEL: true, QUEUE_URL_AGGREGATE: true }),
  process.env,
);
const ports = { store: s3ObjectStore(new S3Client(), config.BUCKET_NAME), report: logProgress };
const send = sqsSender({ label: config.QUEUE_URL_LABEL, aggregate: config.QUEUE_URL_AGGREGATE });

/** fan-out: a data file → its shards, a `label` message each. Takes messages of stages, not yet S3's notifications. */
export const handler = sqsStage(FanOutData, (message) => fanOut(message, ports), send);
