import type { Node } from "constructs";
import { z } from "zod";
import { Hardening } from "../contracts/hardening.ts";
import { InvalidInputError } from "../errors.ts";
import type { StageId } from "./rights.ts";

/** What CloudWatch takes for the days that logs are kept. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827,
] as const;

/** Calls of a function that run at once; an event source takes 2 to 1,000. */
const concurrency = (most: number) => z.int().min(2).max(1_000).default(most);

const Concurrency = z.strictObject({
  intake: concurrency(10),
  // As many tasks as are asked about at once: the endpoint's rate limit is the bound that matters.
  synthesize: concurrency(5),
  "fan-out": concurrency(10),
  label: concurrency(100),
  aggregate: concurrency(10),
  train: concurrency(5),
  verify: concurrency(5),
  publish: concurrency(50),
  watch: concurrency(2),
  features: concurrency(20),
} satisfies Record<StageId, z.ZodType>);

/** An empty text in cdk.json stands for a value that is not given. */
const given = <S extends z.ZodType<string, string>>(schema: S) =>
  z
    .string()
    .optional()
    .transform((text) => text?.trim() || undefined)
    .pipe(schema.optional());

/** The parameters of a deployment: `alchemist` in cdk.json's context, each to be overridden by `-c alchemist.<name>=…`. */
export const Settings = z.strictObject({
  /** The model of tasks that name none. */
  model: given(z.string()),
  /** Any OpenAI-compatible endpoint instead of OpenAI's own. */
  baseUrl: given(z.url("expected the URL of an OpenAI-compatible endpoint, such as https://host/v1")),
  /** What a month may cost before somebody is told: AWS by its own count, and the model by ours. */
  monthlyBudgetUsd: z.number().positive().default(20),
  /** Who is told of alarms, budgets and labels. Nobody where it is empty. */
  email: given(z.email("expected an e-mail address")),
  logRetentionDays: z.literal(LOG_RETENTION_DAYS).default(30),
  concurrency: Concurrency.prefault({}),
  /** What programs are run under even where a task asks for less: standard, strict or paranoid. */
  hardening: Hardening.default("standard"),
  /** Where `label` gets its native module: a layer needs no Docker, a container brings its own C++ library. */
  labelIn: z.enum(["layer", "container"]).default("layer"),
  /** Processor of the functions that run programs: arm64 is a fifth cheaper, Python programs need x86_64. */
  architecture: z.enum(["arm64", "x86_64"]).default("arm64"),
  /** Whether pictures are labeled: adds the stage that looks at them, a container, which `cdk deploy` builds with Docker. */
  images: z.boolean().default(false),
  /** The image-text model that goes into the container. */
  imageModel: z.string().default("clip-vit-b-32-int8"),
  /** Where its directory lies on the machine that deploys: the user's cache where this is empty. */
  modelsFolder: given(z.string()),
});
export type Settings = z.infer<typeof Settings>;

const NAME = "alchemist";

/** @throws InvalidInputError naming the field */
export function readSettings(node: Node): Settings {
  const context = node.getAllContext() as Record<string, unknown>;
  let content: unknown = context[NAME] ?? {};
  for (const [name, value] of Object.entries(context)) {
    const [root, ...path] = name.split(".");
    if (root === NAME && path.length > 0) content = withValueAt(content, path, meantBy(value));
  }
  const parsed = Settings.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0]] : issue.path;
  throw new InvalidInputError(
    `cdk.json: context.${[NAME, ...path].join(".")}`,
    `${issue.message.replace(/^Invalid input: /, "")}.`,
  );
}

/** The command line gives texts: those that are numbers or truth values in JSON are meant so. */
const meantBy = (value: unknown): unknown =>
  typeof value === "string" && /^(true|false|-?\d+(\.\d+)?)$/.test(value) ? JSON.parse(value) : value;

/** A copy of JSON content with another value at a path. */
const withValueAt = (content: unknown, [field, ...rest]: string[], value: unknown): unknown => {
  const parent = (content ?? {}) as Record<string, unknown>;
  return { ...parent, [field]: rest.length > 0 ? withValueAt(parent[field], rest, value) : value };
};
