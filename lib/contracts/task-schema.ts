import { z } from "zod";
import { GoldUse } from "./gold.ts";
import { Hardening } from "./hardening.ts";
import { LabelModelName } from "./label-models.ts";
import { TaskName } from "./names.ts";
import { ProgramLanguage } from "./program-language.ts";

const words = (most: number) => z.string().trim().min(1).max(most);

const ClassName = words(100).refine((name) => !/[\p{Cc}]/u.test(name), "a name without control characters");

/** Ways of asking for programs; all but `general` and `pixels` first ask the model for knowledge of the given kind. */
export const Strategy = z.enum([
  "general",
  "description",
  "exemplars",
  "keywords",
  "rules",
  "retrieval",
  "pixels",
]);
export type Strategy = z.infer<typeof Strategy>;

const NAMES = "a map of names to descriptions, or a list of names";

const ColumnNotes = z.union(
  [
    z.array(words(200)).min(1).max(500),
    z
      .record(words(200), z.string().max(2_000).nullable())
      .refine((notes) => Object.keys(notes).length > 0, "at least one column"),
  ],
  NAMES,
);

/** task.yaml: what a user asks for. Every default lives here. */
export const Task = z.strictObject({
  name: TaskName,
  /** What is to be decided, in the user's words. */
  description: words(20_000),
  modality: z.enum(["text", "record", "image"]).default("text"),
  /** Class name → what belongs in it; votes count classes in this order. */
  classes: z.union([z.record(ClassName, z.string().max(5_000).nullable()), z.array(ClassName)], NAMES),
  input: z
    .strictObject({
      /** The column that holds the text; text tasks only. */
      text: words(200).optional(),
      /** Of a table that lists pictures, the column that names them as they lie in data/; image tasks only. */
      picture: words(200).optional(),
      /** A column that names rows; the file's line number where there is none. */
      id: words(200).optional(),
      /** Gold labels: evaluation only, never shown to programs or prompts. */
      label: words(200).optional(),
      /** What rows of a class differ in besides, such as the background: evaluation only, as for gold labels. */
      group: words(200).optional(),
      /** Columns that programs see, with a note for the model: record tasks, and text tasks that want more than the text. */
      columns: ColumnNotes.optional(),
    })
    .default({}),
  /** What pictures are looked at with; image tasks only. */
  features: z
    .strictObject({
      /** A directory of models' directories holds it under this name; `pixels`: none, programs see the pictures' own pixels. */
      model: words(100).regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
        "letters, digits, dots, dashes and underscores",
      ),
      /** What the model was trained on and knows, for prompts; nothing where it is CLIP itself. */
      about: words(2_000).optional(),
      /** What cosines are multiplied by, where the model's own manifest does not say. */
      logitScale: z.number().positive().max(1_000).optional(),
      /** Visual concepts and the descriptions that compete for each, instead of asking for them. */
      concepts: z.record(words(100), z.array(words(300)).min(2).max(50)).optional(),
    })
    .optional(),
  synthesis: z
    .strictObject({
      model: words(200).optional(),
      /** Who is asked for what strategies want to know, instead of the model that writes programs. */
      knowledgeModel: words(200).optional(),
      /** Ranks passages of documents by meaning, instead of by words. */
      embeddingModel: words(200).optional(),
      /** Rows of the data that prompts for programs show, drawn at random; 0 shows none. */
      examples: z.int().min(0).max(50).default(0),
      /** Programs to ask for; 0 leaves only the user's own. */
      programs: z.int().min(0).max(100).default(10),
      /** `auto`: some of each are tried on rows that a model labels, and the rest is spent on what did best. */
      strategies: z
        .union(
          [z.literal("auto"), z.array(Strategy).min(1)],
          `auto, or a list of ${Strategy.options.join(", ")}`,
        )
        .default(["general"]),
      language: ProgramLanguage.default("javascript"),
      /** Ask the model for each Python program in JavaScript, which runs instead where it votes the same. */
      translate: z.boolean().default(false),
      temperature: z.number().min(0).max(2).default(0.7),
      seed: z.int().min(0).max(2_147_483_647).default(7),
    })
    .prefault({}),
  /** Hard cap on model spending, in US dollars, over the task's whole life. */
  budget: z.strictObject({ usd: z.number().min(0) }).default({ usd: 1 }),
  /** A random sample of rows is labeled directly, to judge the programs: docs/verdict.md. */
  verify: z
    .strictObject({
      /** 100 where a model writes the programs or gold judges them, else none; 0 turns it off. */
      rows: z.int().min(0).max(100_000).optional(),
      /** Who labels the sample: the model, or the gold column. */
      by: z.enum(["model", "gold"]).default("model"),
      model: words(200).optional(),
      /** The share of rows on which programs may differ before they are called too weak. */
      margin: z.number().gt(0).lt(1).default(0.1),
    })
    .prefault({}),
  /** The rows that programs are least certain of are labeled by a model, for at most so many dollars. */
  residual: z
    .strictObject({
      model: words(200).optional(),
      usd: z.number().gt(0),
      /** Only rows of which the label model is less certain than this. */
      below: z.number().gt(0).max(1).default(0.95),
    })
    .optional(),
  labelModel: LabelModelName.default("auto"),
  /** How much of V8 may run the programs; a deployment may demand more. */
  hardening: Hardening.default("standard"),
  /** How frequent each class is, where that is known: shares above 0 that sum to 1. */
  balance: z.record(ClassName, z.number()).optional(),
  endModel: z.enum(["none", "linear"]).default("none"),
  /** What the labels of gold.csv or gold.jsonl may be used for; nothing where it is not given. */
  gold: z.array(GoldUse).min(1).max(2).optional(),
  output: z
    .strictObject({
      format: z.enum(["same", "jsonl", "csv", "parquet"]).default("same"),
      /** What the added column, or the beginning of its name, is called. */
      name: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "letters, digits and underscores")
        .default("pseudolabel"),
    })
    .prefault({}),
});
export type ParsedTask = z.infer<typeof Task>;
