import { S3Client } from "@aws-sdk/client-s3";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { readConfig, StageConfig } from "../../lib/config.ts";
import { PublishShards } from "../../lib/contracts/messages.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { publishShards } from "../../lib/publish/stage.ts";
import { sqsStage } from "../sqs-stage.ts";

const config = readConfig(StageConfig.pick({ BUCKET_NAME: true, QUEUE_URL_PUBLISH: true }), process.env);
const store = s3ObjectStore(new S3Client(), config.BUCKET_NAME);
const settings = { prices: listPrices };

/** publish: a batch's votes and the label model → parts of the outbox; the last one says that labels are ready. */
export const handler = sqsStage(
  "publish",
  PublishShards,
  (message, report) => publishShards(message, { store, report, now: () => new Date() }, settings),
  sqsSender({ publish: config.QUEUE_URL_PUBLISH }),
);
