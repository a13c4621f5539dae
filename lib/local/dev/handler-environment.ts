import { devNull } from "node:os";
import type { ModelCard } from "../../contracts/model-card.ts";
import type { StageId } from "../../infra/rights.ts";

/** Variables by name, such as `process.env`. */
export type Environment = Record<string, string | undefined>;

/** Image-text models of this machine, for tasks that label pictures. */
export interface DevImages {
  folder: string;
  cards: ModelCard[];
}

/** What would lead a handler to the user's own cloud, or beside the queues here. */
const FOREIGN =
  /^(AWS_(PROFILE|DEFAULT_PROFILE|SESSION_TOKEN|USE_.+|ENDPOINT_URL_.+|S3_.+)|MODEL_KEY_SECRET)$/;

/**
 * Gives the handlers of `functions/`, which read their environment when they are imported, what their functions are
 * given in the cloud. The environment's own key and model are kept where `live`.
 */
export function setForHandlers(
  environment: Environment,
  cloud: {
    endpoint: string;
    region: string;
    bucket: string;
    queueUrls: Record<StageId, string>;
    live: boolean;
    images?: DevImages;
  },
): void {
  for (const name of Object.keys(environment)) if (FOREIGN.test(name)) delete environment[name];
  if (!cloud.live) delete environment.OPENAI_API_KEY;
  // Nobody's own settings lead pictures anywhere else.
  for (const name of ["MODELS_FOLDER", "IMAGE_MODELS", "QUEUE_URL_FEATURES"]) delete environment[name];
  Object.assign(environment, {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: "alchemist",
    AWS_SECRET_ACCESS_KEY: "alchemist",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    BUCKET_NAME: cloud.bucket,
    POWERTOOLS_METRICS_DISABLED: "true",
    ...(cloud.images && {
      MODELS_FOLDER: cloud.images.folder,
      IMAGE_MODELS: JSON.stringify(cloud.images.cards),
    }),
  });
  for (const [stage, url] of Object.entries(cloud.queueUrls)) {
    environment[`QUEUE_URL_${stage.replaceAll("-", "_").toUpperCase()}`] = url;
  }
}
