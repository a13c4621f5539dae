import { S3Client } from "@aws-sdk/client-s3";
import { configuredModel } from "../../lib/adapters/aws/configured-model.ts";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { ModelConfig, readConfig, StageConfig } from "../../lib/config.ts";
import { VerifyRun } from "../../lib/contracts/messages.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { verifyRun } from "../../lib/verify/stage.ts";
import { sqsStage } from "../sqs-stage.ts";

const config = readConfig(
  StageConfig.pick({ BUCKET_NAME: true, QUEUE_URL_VERIFY: true, QUEUE_URL_PUBLISH: true }),
  process.env,
);
/** Short answers: a call that takes longer than this waits in vain. */
const bounds = { timeoutMs: 90_000, retries: 1 };
const ports = {
  store: s3ObjectStore(new S3Client(), config.BUCKET_NAME),
  model: configuredModel(readConfig(ModelConfig, process.env), bounds),
  now: () => new Date(),
};
/** What leaves time for a last call within the function's fifteen minutes. */
const settings = { prices: listPrices, askForSeconds: 600 };

/** verify: a sample of a run's rows, labeled by the model and compared; then `publish` for every batch. */
export const handler = sqsStage(
  "verify",
  VerifyRun,
  (message, report) => verifyRun(message, { ...ports, report }, settings),
  sqsSender({ verify: config.QUEUE_URL_VERIFY, publish: config.QUEUE_URL_PUBLISH }),
);
