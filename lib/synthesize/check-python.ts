import { type LabelFunction, pythonLabelFunction } from "../python/label-function.ts";
import { type Token, tokensOf } from "../python/tokens.ts";
import { MOST_BYTES } from "./check-program.ts";
import { featureOf, lackOf } from "./python-lacks.ts";
import { pythonState } from "./python-state.ts";

/**
 * Why a Python program may not run, found by reading it alone. Worded for its author to mend it; undefined where nothing
 * is wrong. Whether it is Python at all, the interpreter says.
 */
export function checkPython(
  source: string,
  classes: readonly string[],
  columns: readonly string[],
): string | undefined {
  const bytes = Buffer.byteLength(source);
  if (bytes > MOST_BYTES) return `it has ${bytes} bytes, and a program may have ${MOST_BYTES}`;
  const tokens = tokensOf(source);
  for (const [index, { line }] of tokens.entries()) {
    const reason = lackOf(tokens, index);
    if (reason !== undefined) return `in line ${line} ${reason}`;
  }
  const label = pythonLabelFunction(tokens);
  if (label === undefined) return "it defines no function label_function at its top level";
  const parameter = parameterReason(label, columns);
  if (parameter !== undefined) return parameter;
  const state = pythonState(tokens);
  if (state) return `in line ${state.line} ${state.reason}: a vote may depend on its row alone`;
  const foreign = foreignReturn(label.tokens, classes);
  return foreign && `${label.name} returns ${foreign}, and may return only ${pythonAnswers(classes)}`;
}

function parameterReason(
  { name, parameters }: LabelFunction,
  columns: readonly string[],
): string | undefined {
  const [first] = parameters;
  if (parameters.length === 1 && (first === "row" || (first === "text" && columns.includes("text")))) {
    return undefined;
  }
  const takes = columns.includes("text") ? "row or text" : "row";
  return `${name} has the parameters (${parameters.join(", ")}): it takes one, called ${takes}`;
}

/** A constant that the function plainly returns and that is no answer, as written. */
function foreignReturn(tokens: readonly Token[], classes: readonly string[]): string | undefined {
  // Functions within it return for themselves.
  if (tokens.filter(({ text, kind }) => kind === "name" && text === "def").length > 1) return undefined;
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== "name" || text !== "return") continue;
    const length = tokens.slice(index).findIndex((token) => token.kind === "newline");
    const value = tokens.slice(index + 1, index + length);
    if (value.length === 1 && isForeign(value[0], classes)) return value[0].text;
  }
  return undefined;
}

function isForeign({ kind, text }: Token, classes: readonly string[]): boolean {
  if (text === "True" || text === "False") return true;
  if (kind === "number") return !(/^\d+$/.test(text) && Number(text) < classes.length);
  // Escapes and prefixes are for the interpreter to read.
  const [, plain] = (kind === "string" && /^(?:"([^"\\]*)"|'([^'\\]*)')$/.exec(text)?.filter(Boolean)) || [];
  return plain !== undefined && !classes.includes(plain);
}

/** What a Python program may return. */
export const pythonAnswers = (classes: readonly string[]): string =>
  `the number of a class (0 to ${classes.length - 1}), the name of a class, -1 or None`;

/** Complaints that say that the interpreter lacks something, so that the program fails whatever the row. */
const LACK = new RegExp(
  `^(?:line \\d+: )?(?:${[
    "NotImplementedError",
    "NameError",
    "ImportError",
    "ModuleNotFoundError",
    "TypeError: .*not yet supported",
    "TypeError: unsupported operand .*'bool'",
    "AttributeError: '(?:type|module)' object",
    "SyntaxError: .*not yet supported",
  ].join("|")})`,
);

/** What the interpreter lacks that the program needs, if that is what it complains of; with the remedy where there is one. */
export function lackReason(complaint: string | undefined): string | undefined {
  if (complaint === undefined || !LACK.test(complaint)) return undefined;
  return featureOf(complaint) ?? `it cannot run: ${complaint}`;
}
