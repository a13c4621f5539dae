import { availableParallelism } from "node:os";
import { S3Client } from "@aws-sdk/client-s3";
import { configuredModel } from "../../lib/adapters/aws/configured-model.ts";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { isolateRunner } from "../../lib/adapters/isolates/isolate-runner.ts";
import { pdfText } from "../../lib/adapters/pdf/pdf-text.ts";
import { ModelConfig, readConfig, StageConfig } from "../../lib/config.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { SynthesizeTask } from "../../lib/contracts/messages.ts";
import type { TaskFile } from "../../lib/contracts/task-file.ts";
import { drawRows } from "../../lib/fan-out/draw-rows.ts";
import { firstColumns } from "../../lib/fan-out/first-columns.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { refusing } from "../../lib/refusing.ts";
import { synthesize } from "../../lib/synthesize/stage.ts";
import { sqsStage } from "../sqs-stage.ts";

const config = readConfig(
  StageConfig.pick({
    BUCKET_NAME: true,
    QUEUE_URL_FAN_OUT: true,
    MODEL_NAME: true,
    LEAST_HARDENING: true,
    IMAGE_MODELS: true,
  }),
  process.env,
);
const store = s3ObjectStore(new S3Client(), config.BUCKET_NAME);
const ports = {
  store,
  model: configuredModel(readConfig(ModelConfig, process.env)),
  pdfText: pdfText(),
  runner: isolateRunner({ children: availableParallelism(), leastHardening: config.LEAST_HARDENING }),
  now: () => new Date(),
};
const settings = {
  prices: listPrices,
  model: config.MODEL_NAME,
  imageModels: config.IMAGE_MODELS.map(({ name }) => name),
  columnsOf: (task: TaskFile) => firstColumns(task, store),
  drawRows: (task: TaskFile, count: number) => drawRows(task, count, store),
};

/** synthesize: a task → its programs, paid for once; then the data that waited for them. */
export const handler = sqsStage(
  "synthesize",
  SynthesizeTask,
  (message, report) => {
    const all = { ...ports, report };
    return refusing(synthesize(message, all, settings), keys.taskFailed(message.task), all);
  },
  sqsSender({ "fan-out": config.QUEUE_URL_FAN_OUT }),
);
