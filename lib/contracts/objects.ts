import { z } from "zod";
import { DamagedObjectError } from "../errors.ts";
import { Choice, RunGold } from "./gold.ts";
import { Hardening } from "./hardening.ts";
import { LabelModelName } from "./label-models.ts";
import { RunFeatures } from "./model-card.ts";
import { FileName, Hash } from "./names.ts";
import { AdmittedProgram, RejectedProgram } from "./programs.ts";
import { StrategyChoice } from "./strategy-choice.ts";
import { ResidualSettings, VerifySettings } from "./verify-settings.ts";

/** A recorded reply: the request, what came back unedited, what it cost, and how it was made. */
export const RecordedReply = z.strictObject({
  request: z.strictObject({
    model: z.string(),
    messages: z.array(z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() })),
    temperature: z.number(),
    seed: z.int(),
    maxTokens: z.int(),
  }),
  reply: z.strictObject({
    text: z.string(),
    model: z.string(),
    finishReason: z.string(),
    usage: z.strictObject({ inputTokens: z.int(), outputTokens: z.int(), estimated: z.boolean() }),
  }),
  /** US dollars at the prices of that day; null where the model's price was not known. */
  usd: z.number().nullable(),
  /** ISO date and time. */
  recorded: z.string(),
  /** Who or what answered, where the model's name does not say it. */
  note: z.string().optional(),
});
export type RecordedReply = z.infer<typeof RecordedReply>;

/** One call to the model, as the receipt lists it. */
export const ModelCall = z.strictObject({
  /** What it was for: `concepts`, `embedding`, `knowledge`, `program`, `repair`, `translation`, `verify` or `residual`. */
  purpose: z.string(),
  model: z.string(),
  request: Hash,
  inputTokens: z.int(),
  outputTokens: z.int(),
  estimated: z.boolean(),
  usd: z.number().nullable(),
  recorded: z.string(),
  note: z.string().optional(),
});
export type ModelCall = z.infer<typeof ModelCall>;

/** The programs of a task, immutable, named by `hash`. */
export const ProgramSet = z.strictObject({
  hash: Hash,
  programs: z.array(AdmittedProgram),
  rejected: z.array(RejectedProgram),
  calls: z.array(ModelCall),
  /** Of `strategies: auto`. */
  choice: StrategyChoice.optional(),
});
export type ProgramSet = z.infer<typeof ProgramSet>;

/** The set in force; `previous` is where an edited set finds the columns that did not change. */
export const CurrentSet = z.strictObject({
  /** Of everything that synthesis reads: when it is the same, there is nothing to do. */
  inputs: Hash,
  set: Hash,
  previous: Hash.nullable(),
});
export type CurrentSet = z.infer<typeof CurrentSet>;

/** What a program sees of the data. */
export const VisibleColumn = z.strictObject({
  /** The column in the file. */
  source: z.string(),
  /** The property of a row. */
  name: z.string(),
});
export type VisibleColumn = z.infer<typeof VisibleColumn>;

const RowProblem = z.strictObject({
  /** Rows with this problem. */
  rows: z.int(),
  /** Where the first ones stand, at most ten. */
  lines: z.array(z.int()),
});

/** A data file, split: one for each version of the file and each way of reading it. */
export const Source = z.strictObject({
  file: FileName,
  version: z.string(),
  bytes: z.int(),
  rows: z.int(),
  /** Characters that programs see, of which prices of direct labeling are estimated. */
  characters: z.int(),
  /** All columns of the file, in its order. */
  header: z.array(z.string()),
  visible: z.array(VisibleColumn),
  shards: z.array(z.strictObject({ hash: Hash, rows: z.int() })),
  /** Rows that could not be used, by reason. */
  rejected: z.record(z.string(), RowProblem),
  duplicateIds: RowProblem,
  missingIds: RowProblem,
});
export type Source = z.infer<typeof Source>;

/** Something a user should know about a result, and what to do about it. */
export const Warning = z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() });
export type Warning = z.infer<typeof Warning>;

/** One run: a source, a set of programs, and the settings that decide its labels. */
export const Run = z.strictObject({
  /** Name of the labels: the data file without its extension. */
  name: FileName,
  file: FileName,
  version: z.string(),
  source: Hash,
  set: Hash,
  previousSet: Hash.nullable(),
  classes: z.array(z.string()),
  /** What card and receipt say of the task, as it was when the run began. */
  about: z.strictObject({
    description: z.string(),
    meanings: z.array(z.string()),
    /** The user's notes on columns. */
    columns: z.record(z.string(), z.string()),
    model: z.string(),
  }),
  verify: VerifySettings.nullable(),
  residual: ResidualSettings.nullable(),
  visible: z.array(VisibleColumn),
  id: z.string().nullable(),
  label: z.string().nullable(),
  /** The column of groups, for evaluation. */
  group: z.string().optional(),
  labelModel: LabelModelName,
  /** [classes] their known shares. */
  balance: z.array(z.number()).nullable(),
  hardening: Hardening,
  /** Absent where the programs' votes are all that labels are made of. */
  endModel: z.literal("linear").optional(),
  /** The small labeled set, and what it may be used for; absent where for nothing. */
  gold: RunGold.optional(),
  format: z.enum(["csv", "tsv", "jsonl", "parquet"]),
  outputFormat: z.enum(["csv", "tsv", "jsonl", "parquet"]),
  outputName: z.string(),
  /** Of image tasks: what pictures are looked at with. */
  features: RunFeatures.optional(),
  /** What the task asks for and this version does not do. */
  notes: z.array(Warning),
});
export type Run = z.infer<typeof Run>;

/** trained.json: how training an end model went. */
export const Trained = z.strictObject({
  /** Whether there is a model. */
  isTrained: z.boolean(),
  /** Rows that it learned from. */
  rows: z.int(),
  /** Of them, rows first held out, and the share of those that the model then labeled as the label model does. */
  heldOut: z.int(),
  agreement: z.number(),
  /** Where the task lets gold choose, and there is a model. */
  choice: Choice.optional(),
  /** CPU seconds. */
  seconds: z.number(),
});
export type Trained = z.infer<typeof Trained>;

/** What end and label model made of a batch's rows, or of many batches'. */
export const EndCounts = z.strictObject({
  /** [classes], rows that got each label. */
  labels: z.array(z.int()),
  /** Rows that the end model labeled alone. */
  alone: z.int(),
  /** Rows with votes whose label is another than the label model's. */
  changed: z.int(),
});
export type EndCounts = z.infer<typeof EndCounts>;

/**
 * The run whose labels a data file is to have. The edition counts its publications: it grows when another run takes
 * over, or when published labels were taken away, so that marks of an earlier publication never count for a later one.
 */
export const Wanted = z.strictObject({ run: Hash, edition: z.int().min(1) });
export type Wanted = z.infer<typeof Wanted>;

/** _FAILED.json: why there are no labels, or no programs, of what was dropped last. */
export const Failed = z.strictObject({
  /** Stable, to match on. */
  code: z.string(),
  message: z.string(),
  /** Whether it is tried again without anybody doing anything. */
  retried: z.boolean(),
  /** ISO date and time. */
  failed: z.string(),
});
export type Failed = z.infer<typeof Failed>;

/** JSON as stored: UTF-8. */
export const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Reads a JSON object of ours. @throws DamagedObjectError naming `what` */
export function parsed<S extends z.ZodType>(schema: S, bytes: Uint8Array, what: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new DamagedObjectError(what, { cause });
  }
}
