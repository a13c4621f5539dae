import { S3Client } from "@aws-sdk/client-s3";
import { s3ObjectStore } from "../../lib/adapters/aws/s3-object-store.ts";
import { sqsSender } from "../../lib/adapters/aws/sqs-sender.ts";
import { readConfig, StageConfig } from "../../lib/config.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { FanOutData } from "../../lib/contracts/messages.ts";
import { InvalidInputError } from "../../lib/errors.ts";
import { fanOut } from "../../lib/fan-out/stage.ts";
import { whatDecides } from "../../lib/fan-out/what-decides.ts";
import { refusing } from "../../lib/refusing.ts";
import { nameOfLabels } from "../../lib/tables/table-format.ts";
import { sqsStage } from "../sqs-stage.ts";

const config = readConfig(
  StageConfig.pick({
    BUCKET_NAME: true,
    QUEUE_URL_FEATURES: true,
    QUEUE_URL_LABEL: true,
    QUEUE_URL_AGGREGATE: true,
    QUEUE_URL_SYNTHESIZE: true,
    QUEUE_URL_VERIFY: true,
    QUEUE_URL_WATCH: true,
    MODEL_NAME: true,
    IMAGE_MODELS: true,
  }),
  process.env,
);
const ports = { store: s3ObjectStore(new S3Client(), config.BUCKET_NAME), now: () => new Date() };
const modelCard = async (name: string) => {
  const card = config.IMAGE_MODELS.find((one) => one.name === name);
  if (card) return card;
  const known = config.IMAGE_MODELS.map((one) => one.name).join(", ");
  throw new InvalidInputError(
    "features.model",
    `found ${JSON.stringify(name)}. This deployment has ${known}; name it, or deploy with -c alchemist.imageModel=${name}.`,
  );
};

/** What a function splits well within its fifteen minutes. */
const settings = {
  watch: true,
  mostBytes: 2 ** 30,
  model: config.MODEL_NAME,
  modelCard: config.IMAGE_MODELS.length > 0 ? modelCard : undefined,
};

/** fan-out: a data file → its shards, a `label` message a batch of them, of pictures a `features` message. */
export const handler = sqsStage(
  "fan-out",
  FanOutData,
  (message, report) => {
    const all = { ...ports, report };
    const noteKey = keys.labelsFailed(message.task, nameOfLabels(message.file));
    return refusing(fanOut(message, all, settings), noteKey, all, () => whatDecides(message, ports.store));
  },
  sqsSender({
    ...(config.QUEUE_URL_FEATURES && { features: config.QUEUE_URL_FEATURES }),
    label: config.QUEUE_URL_LABEL,
    aggregate: config.QUEUE_URL_AGGREGATE,
    synthesize: config.QUEUE_URL_SYNTHESIZE,
    verify: config.QUEUE_URL_VERIFY,
    watch: config.QUEUE_URL_WATCH,
  }),
);
