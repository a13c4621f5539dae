import { z } from "zod";
import { InvalidInputError } from "../errors.ts";
import { classBalance } from "./class-balance.ts";
import { MOST_CLASSES } from "./columns.ts";
import { complaintOf } from "./complaint-of.ts";
import { Hardening } from "./hardening.ts";
import { LabelModelName } from "./label-models.ts";
import { TaskName } from "./names.ts";
import { ProgramLanguage } from "./program-language.ts";
import { readDocument } from "./yaml-document.ts";

const words = (most: number) => z.string().trim().min(1).max(most);

const ClassName = words(100).refine((name) => !/[\p{Cc}]/u.test(name), "a name without control characters");

/** Ways of asking for programs; all but `general` first ask the model for knowledge of the given kind. */
export const Strategy = z.enum(["general", "description", "exemplars", "keywords", "rules"]);
export type Strategy = z.infer<typeof Strategy>;

const ColumnNotes = z.union([
  z.array(words(200)).min(1).max(500),
  z
    .record(words(200), z.string().max(2_000).nullable())
    .refine((notes) => Object.keys(notes).length > 0, "at least one column"),
]);

/** task.yaml: what a user asks for. Every default lives here. */
export const Task = z.strictObject({
  name: TaskName,
  /** What is to be decided, in the user's words. */
  description: words(20_000),
  modality: z.enum(["text", "record", "image"]).default("text"),
  /** Class name → what belongs in it; votes count classes in this order. */
  classes: z.union([z.record(ClassName, z.string().max(5_000).nullable()), z.array(ClassName)]),
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
      /** A directory of models' directories holds it under this name. */
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
      /** Programs to ask for; 0 leaves only the user's own. */
      programs: z.int().min(0).max(100).default(10),
      strategies: z.array(Strategy).min(1).default(["general"]),
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
      /** 100 where a model writes the programs, else none; 0 turns it off. */
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
/** Enough for an interval of ten points either way, for about what the programs cost. */
const VERIFY_ROWS = 100;

type ParsedTask = z.infer<typeof Task>;

/** What stands for fields that a file leaves out, where it is not the same everywhere. */
export interface TaskDefaults {
  model?: string;
}

/** A task with its classes and columns in one shape, in the order of the file. */
export interface TaskFile
  extends Omit<ParsedTask, "classes" | "input" | "synthesis" | "balance" | "verify" | "residual"> {
  synthesis: ParsedTask["synthesis"] & { model: string };
  verify: ParsedTask["verify"] & { rows: number; model: string };
  residual?: NonNullable<ParsedTask["residual"]> & { model: string };
  classes: { name: string; description: string }[];
  /** A share a class, in their order. */
  balance?: number[];
  input: Omit<ParsedTask["input"], "columns"> & { columns?: { name: string; note: string }[] };
}

/** Names as read from a list or a map, as a list. */
const listed = <T>(
  given: string[] | Record<string, string | null>,
  make: (name: string, note: string) => T,
): T[] =>
  Array.isArray(given)
    ? given.map((name) => make(name, ""))
    : Object.entries(given).map(([name, note]) => make(name, note ?? ""));

/**
 * Reads a task file, YAML or JSON.
 *
 * @param text the file's content
 * @param file how to call it in errors
 * @param defaults of this deployment
 * @throws InvalidInputError naming file, line, field, what was found and what is expected
 */
export function parseTaskFile(text: string, file: string, defaults: TaskDefaults = {}): TaskFile {
  const { content, at } = readDocument(text, file);
  const parsed = Task.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0]] : issue.path;
    throw new InvalidInputError(at(path), complaintOf(issue, content, path));
  }
  return checked(parsed.data, defaults, at);
}

/** What fields mean together, which a schema of single fields cannot say. */
function checked(
  task: ParsedTask,
  { model = "gpt-4o-mini" }: TaskDefaults,
  at: (path: readonly PropertyKey[]) => string,
): TaskFile {
  const classes = listed(task.classes, (name, description) => ({ name, description }));
  const names = classes.map(({ name }) => name);
  if (classes.length < 2 || classes.length > MOST_CLASSES) {
    throw new InvalidInputError(
      at(["classes"]),
      `found ${classes.length} classes. Expected 2 to ${MOST_CLASSES}.`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InvalidInputError(
      at(["classes"]),
      `found the class ${JSON.stringify(twice)} twice. Each class needs a name of its own.`,
    );
  }
  const columns = task.input.columns && listed(task.input.columns, (name, note) => ({ name, note }));
  if (columns && new Set(columns.map(({ name }) => name)).size < columns.length) {
    throw new InvalidInputError(at(["input", "columns"]), "found a column twice. Name each once.");
  }
  if (task.modality === "image" && task.features === undefined) {
    throw new InvalidInputError(
      at(["features"]),
      "found nothing. An image task needs features: { model: <name> }, such as clip-vit-b-32.",
    );
  }
  const { text, label, group } = task.input;
  if (group !== undefined && label === undefined) {
    throw new InvalidInputError(
      at(["input", "group"]),
      "found no input.label beside it. Groups divide the rows of each gold class: name both columns.",
    );
  }
  if (group !== undefined && (group === text || columns?.some(({ name }) => name === group))) {
    throw new InvalidInputError(
      at(["input", "group"]),
      `programs would see the column of groups ${JSON.stringify(group)}. Take it out of input.text and input.columns.`,
    );
  }
  if (task.modality === "record" && text !== undefined) {
    throw new InvalidInputError(
      at(["input", "text"]),
      "a record task has no text column. Name it among input.columns, or set modality: text.",
    );
  }
  if (label !== undefined && (label === text || columns?.some(({ name }) => name === label))) {
    throw new InvalidInputError(
      at(["input", "label"]),
      `programs would see the gold column ${JSON.stringify(label)}. Take it out of input.text and input.columns.`,
    );
  }
  if (task.modality === "text" && columns?.some(({ name }) => name === "text" && name !== (text ?? "text"))) {
    throw new InvalidInputError(
      at(["input", "columns"]),
      'a second column cannot be called "text": programs see input.text under that name.',
    );
  }
  if (task.verify.by === "gold" && label === undefined) {
    throw new InvalidInputError(
      at(["verify", "by"]),
      'found "gold", and no column of gold labels is named. Name it in input.label.',
    );
  }
  if (task.modality === "image" && task.endModel !== "none") {
    throw new InvalidInputError(
      at(["endModel"]),
      "an end model learns from texts and columns, and pictures have neither. Take it out.",
    );
  }
  if (task.modality === "image" && (task.residual || (task.verify.rows && task.verify.by === "model"))) {
    throw new InvalidInputError(
      at(task.residual ? ["residual"] : ["verify"]),
      "the model is not shown pictures, so it cannot label them. Take this out, or compare with gold: verify: { by: gold }.",
    );
  }
  const mayVerify = task.synthesis.programs > 0 && (task.modality !== "image" || task.verify.by === "gold");
  const balance = task.balance && classBalance(task.balance, names, at(["balance"]));
  const synthesis = { model, ...task.synthesis };
  return {
    ...task,
    classes,
    balance,
    input: { ...task.input, columns },
    synthesis,
    verify: { rows: mayVerify ? VERIFY_ROWS : 0, model: synthesis.model, ...task.verify },
    residual: task.residual && { model: synthesis.model, ...task.residual },
  };
}
