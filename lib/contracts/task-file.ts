import { InvalidInputError } from "../errors.ts";
import { classBalance } from "./class-balance.ts";
import { MOST_CLASSES } from "./columns.ts";
import { complaintOf } from "./complaint-of.ts";
import { assertGoldFits } from "./gold-fits.ts";
import { assertLabelModelFits } from "./label-models.ts";
import { assertPixelsFit } from "./pixels-fit.ts";
import { assertStrategiesFit } from "./strategies-fit.ts";
import { type ParsedTask, Task } from "./task-schema.ts";
import { readDocument } from "./yaml-document.ts";

/** Enough for an interval of ten points either way, for about what the programs cost. */
const VERIFY_ROWS = 100;

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
    const { issues } = parsed.error;
    // A field that is missing may be one that is spelled otherwise.
    const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
    const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0]] : issue.path;
    throw new InvalidInputError(at(path), complaintOf(issue, content, path, Task));
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
  assertPixelsFit(task, at);
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
  if (task.modality === "image" && (task.residual || (task.verify.rows && task.verify.by === "model"))) {
    throw new InvalidInputError(
      at(task.residual ? ["residual"] : ["verify"]),
      "the model is not shown pictures, so it cannot label them. Take this out, or compare with gold: verify: { by: gold }.",
    );
  }
  assertStrategiesFit(task, at);
  if (task.modality === "image" && task.synthesis.strategies === "auto") {
    throw new InvalidInputError(
      at(["synthesis", "strategies"]),
      "the model is not shown pictures, so it cannot judge strategies by them. Name strategies in a list.",
    );
  }
  assertGoldFits(task, at);
  assertLabelModelFits(task.labelModel, task.synthesis.programs, classes.length, at(["labelModel"]));
  const mayVerify = task.verify.by === "gold" || (task.synthesis.programs > 0 && task.modality !== "image");
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
