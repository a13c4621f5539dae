import { availableParallelism } from "node:os";
import { S3Client } from "@aws-sdk/client-s3";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { onnxModels } from "../../lib/adapters/onnx/image-text-models.ts";
import { pixelModel } from "../../lib/adapters/onnx/pixel-model.ts";
import { readConfig, StageConfig } from "../../lib/config.ts";
import { FeaturesShards } from "../../lib/contracts/messages.ts";
import { scorePictures } from "../../lib/features/stage.ts";
import { sqsStage } from "../sqs-stage.ts";

const config = readConfig(
  StageConfig.pick({ BUCKET_NAME: true, QUEUE_URL_LABEL: true, MODELS_FOLDER: true }),
  process.env,
);
const ports = {
  store: s3ObjectStore(new S3Client(), config.BUCKET_NAME),
  images: onnxModels(config.MODELS_FOLDER, availableParallelism()),
  pixels: pixelModel(),
};

/** features: a batch of shards of pictures → their scores or pixels; then `label`, whose programs see them. */
export const handler = sqsStage(
  "features",
  FeaturesShards,
  (message, report) => scorePictures(message, { ...ports, report }),
  sqsSender({ label: config.QUEUE_URL_LABEL }),
);
