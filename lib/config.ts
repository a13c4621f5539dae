import { z } from "zod";
import { Hardening } from "./contracts/hardening.ts";
import { ModelCard } from "./contracts/model-card.ts";
import { InvalidInputError } from "./errors.ts";

const optionalText = z
  .string()
  .optional()
  .transform((text) => text?.trim() || undefined);

/** What the command line reads from the environment. */
export const CliConfig = z.object({
  /** Key of the language model's endpoint; never needed to replay recordings. */
  OPENAI_API_KEY: optionalText,
  /** Any OpenAI-compatible endpoint: Azure, Bedrock, Ollama, vLLM … */
  OPENAI_BASE_URL: optionalText.pipe(
    z
      .url({ protocol: /^https?$/, error: "Set it to an address such as http://127.0.0.1:11434/v1." })
      .optional(),
  ),
  /** Where directories of image-text models lie, instead of in the user's cache. */
  ALCHEMIST_MODELS: optionalText,
});
export type CliConfig = z.infer<typeof CliConfig>;

const bucketName = "Set it to the name of the bucket.";
const queueUrl = z.url("Set it to the URL of that stage's queue.");

/** What functions of the cloud read from the environment; each picks the bucket and the queues it sends to. */
export const StageConfig = z.object({
  BUCKET_NAME: z.string(bucketName).min(1, bucketName),
  QUEUE_URL_SYNTHESIZE: queueUrl,
  QUEUE_URL_FAN_OUT: queueUrl,
  /** Where pictures are labeled. */
  QUEUE_URL_FEATURES: queueUrl.optional(),
  QUEUE_URL_LABEL: queueUrl,
  QUEUE_URL_AGGREGATE: queueUrl,
  QUEUE_URL_TRAIN: queueUrl,
  QUEUE_URL_VERIFY: queueUrl,
  QUEUE_URL_PUBLISH: queueUrl,
  QUEUE_URL_WATCH: queueUrl,
  /** The model of tasks that name none. */
  MODEL_NAME: optionalText,
  /** What programs are run under even where a task asks for less. */
  LEAST_HARDENING: Hardening.default("standard"),
  /** What the image-text models of this deployment are, as JSON. */
  IMAGE_MODELS: z
    .string()
    .default("[]")
    .transform((text) => z.array(ModelCard).parse(JSON.parse(text))),
  /** Where they lie in the container. */
  MODELS_FOLDER: z.string("Set it to the folder of models.").min(1),
});

/** How the language model is reached: a key in Secrets Manager, or in the environment, or neither: then only recordings. */
export const ModelConfig = CliConfig.extend({
  /** Name or ARN of the secret that holds the key. */
  MODEL_KEY_SECRET: optionalText,
});
export type ModelConfig = z.infer<typeof ModelConfig>;

/** Parses the environment once, at start. @throws InvalidInputError naming the variable */
export function readConfig<S extends z.ZodType>(
  schema: S,
  environment: Record<string, string | undefined>,
): z.infer<S> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InvalidInputError(`environment variable ${issue.path.join(".")}`, issue.message);
}
