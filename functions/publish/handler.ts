import { S3Client } from "@aws-sdk/client-s3";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { readConfig, StageConfig } from "../../lib/config.ts";
import { PublishShard } from "../../lib/contracts/messages.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { publishShard } from "../../lib/publish/stage.ts";
import { logProgress } from "../log.ts";
import { sqsStage } from "../sqs-stage.ts";

const config = readConfig(StageConfig.pick({ BUCKET_NAME: true }), process.env);
const ports = { store: s3ObjectStore(new S3Client(), config.BUCKET_NAME), report: logProgress };
const settings = { prices: listPrices };

/** publish: one shard's votes and the label model → a part of the outbox; nothing comes after. */
export const handler = sqsStage(
  PublishShard,
  (message) => publishShard(message, ports, settings),
  sqsSender({}),
);
