import { z } from "zod";
import { InvalidInputError } from "../errors.ts";
import { classBalance } from "./class-balance.ts";
import { MOST_CLASSES } from "./columns.ts";
import { complaintOf, valueAt } from "./complaint-of.ts";
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
  modality: z.enum(["text", "record"]).default("text"),
  /** Class name → what belongs in it; votes count classes in this order. */
  classes: z.union([z.record(ClassName, z.string().max(5_000).nullable()), z.array(ClassName)]),
  input: z
    .strictObject({
      /** The column that holds the text; text tasks only. */
      text: words(200).optional(),
      /** A column that names rows; the file's line number where there is none. */
      id: words(200).optional(),
      /** Gold labels: evaluation only, never shown to programs or prompts. */
      label: words(200).optional(),
      /** Columns that programs see, with a note for the model: record tasks, and text tasks that want more than the text. */
      columns: ColumnNotes.optional(),
    })
    .default({}),
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
  verify: z.strictObject({ rows: z.int().min(0).max(100_000) }).optional(),
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
type ParsedTask = z.infer<typeof Task>;

/** What stands for fields that a file leaves out, where it is not the same everywhere. */
export interface TaskDefaults {
  model?: string;
}

/** A task with its classes and columns in one shape, in the order of the file. */
export interface TaskFile extends Omit<ParsedTask, "classes" | "input" | "synthesis" | "balance"> {
  synthesis: ParsedTask["synthesis"] & { model: string };
  classes: { name: string; description: string }[];
  /** A share a class, in their order. */
  balance?: number[];
  input: Omit<ParsedTask["input"], "columns"> & { columns?: { name: string; note: string }[] };
}

/** What later versions accept and this one does not: said plainly, at the field. */
const NOT_HERE: { path: string[]; values: string[]; instead: string }[] = [
  { path: ["modality"], values: ["image"], instead: "This version labels text and records" },
];

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
  for (const { path, values, instead } of NOT_HERE) {
    const found = valueAt(content, path);
    if (typeof found === "string" && values.includes(found)) {
      throw new InvalidInputError(at(path), `found ${JSON.stringify(found)}. ${instead}.`);
    }
  }
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
  const { text, label } = task.input;
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
  const balance = task.balance && classBalance(task.balance, names, at(["balance"]));
  return {
    ...task,
    classes,
    balance,
    input: { ...task.input, columns },
    synthesis: { model, ...task.synthesis },
  };
}
