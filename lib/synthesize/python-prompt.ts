import type { Column } from "../contracts/columns.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { PromptColumn } from "./prompts.ts";
import { PYTHON_MODULES } from "./python-lacks.ts";

type Task = Pick<TaskFile, "modality" | "classes">;

/** What the model is told of itself when it is to write Python. */
export const PYTHON_SYSTEM = `You are an expert at weak supervision: you write small Python programs that label rows of data.
A program sees one row at a time. It returns the number of the class it is confident of, or -1 to abstain. It runs unattended on every row of a large data set, and its votes are combined with those of other programs, written separately by others, so what counts is that it is right when it votes, that it votes often, and that it does not repeat the mistakes that everybody makes.`;

/** What to go by where a value has to be judged. */
export const valuesSeen = (seesRows: boolean): string =>
  `${seesRows ? "You see the values of a few rows; go beyond them with" : "You see no values; use"} what you know of usual ranges and units.`;

/** The classes with the numbers that a program returns. */
export const pythonClasses = ({ classes }: Task): string =>
  `# Classes
The program returns the number of one of these classes, or -1 to abstain:
${classes.map(({ name, description }, number) => `- ${number}: ${JSON.stringify(name)}${description && `: ${description}`}`).join("\n")}`;

const VALUES: Record<Column["kind"], string> = {
  number: "an int or a float, or None where the cell is empty",
  text: "a str, or None where the cell is empty",
  json: "an int, a float, a str, or None where the cell is empty",
};

/** What a row is, and how the function that gets it is to be defined. */
export function pythonRow({ modality }: Task, columns: readonly PromptColumn[], seesRows: boolean): string {
  const listed = columns
    .map(
      ({ name, kind, note }) =>
        `- row[${JSON.stringify(name)}]: ${VALUES[kind ?? "json"]}${note ? `. ${note}` : ""}`,
    )
    .join("\n");
  const text =
    "is always a str: the whole text of one example as it was found. It may be empty or very long, have one line or hundreds, and hold headers, markup, entities, quoted passages, misspellings and any Unicode. Nothing was cleaned.";
  if (modality === "text" && columns.length === 0) {
    return `# The row\nThe program is \`def ${signatureOf(modality, columns)}:\`. \`text\` ${text}`;
  }
  const isText = modality === "text";
  return `# The row
The program is \`def ${signatureOf(modality, columns)}:\`. \`row\` is a dict${isText ? `. \`row["text"]\` ${text}\nThe row has these keys too:` : " with one key for each column of a table:"}
${listed}${isText ? "" : `\nCompute with a value only after you have checked its type with isinstance. ${valuesSeen(seesRows)}`}`;
}

const signatureOf = (modality: Task["modality"], columns: readonly PromptColumn[]): string =>
  modality === "text" && columns.length === 0 ? "label_function(text)" : "label_function(row)";

/** What a Python program must keep to, and what the interpreter lacks. */
export const pythonRules = (
  { modality, classes }: Task,
  columns: readonly PromptColumn[],
): string => `# Rules, checked by machine before the program runs
- One plain script, at most 32 KB, that defines \`def ${signatureOf(modality, columns)}:\` at its top level. Helper functions and constants beside it are welcome.
- Every path returns an int from 0 to ${classes.length - 1}, or -1: never True or False, a float, or another number.
- The answer depends on the row alone: no global statement, no list, dict or set of the top level is changed in a function.
- It runs in a small interpreter of Python, not in CPython. Import only ${PYTHON_MODULES.join(", ")}, with the plain import statement at the top.
- The interpreter cannot run: class, yield and generator functions (generator expressions are fine), match, del, with, async, decorators, %-formatting of strings, str.format, str.translate, a function as the replacement in re.sub, slice assignment, and the modules collections, itertools, functools, string, random, time and unicodedata. Use functions, lists, dicts, sets, tuples, comprehensions, f-strings and loops.
- Nor can it do these, which look harmless: arithmetic with True and False, so write sum(1 for w in WORDS if w in text), never sum(w in text for w in WORDS); a method as a value, so write max(scores, key=lambda k: scores[k]), never key=scores.get; next() of a generator expression; comparing sets or lists with < or <= (it gives False); re.VERBOSE, re.subn, and groups in the pattern of re.split.
- Not available: open, input, eval, exec, print has no effect, no clock, no randomness.
- It never raises, whatever the row holds.
- It is fast: compile patterns once with re.compile at the top level, and build lists and sets there too. One pattern with alternatives beats a loop over many. Nothing that backtracks without bound: no nested quantifiers, no .* beside .*. Of a very long text read the first 20,000 characters.`;
