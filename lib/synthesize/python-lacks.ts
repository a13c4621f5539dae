import type { Token } from "../python/tokens.ts";

/** Modules that programs may import; Monty has a few more, which lead out of the row. */
export const PYTHON_MODULES = ["re", "math", "json", "datetime", "typing"];

/** Words of the language that Monty cannot run, or that have no use here, each with its remedy. */
const WORDS: Record<string, string> = {
  class: "classes: use functions, tuples and dicts instead",
  yield: "generators: build a list and return it instead",
  async: "async functions: nothing can be waited for, so leave the word out",
  await: "async functions: nothing can be waited for, so leave the word out",
  del: "the del statement: assign None, or build a new list or dict without the element",
  with: "the with statement: there is no file to open; put the words into the program",
};

/** Calls of functions that lead out of the row, or that differ from one Python to another. */
const CALLS: Record<string, string> = {
  open: "programs have no files",
  input: "programs have no input",
  eval: "programs have no code from strings",
  exec: "programs have no code from strings",
  compile: "programs have no code from strings",
  __import__: "write import at the top of the program",
  globals: "name the variables you need",
  locals: "name the variables you need",
  vars: "name the variables you need",
  id: "compare values instead",
  hash: "its values differ between Pythons; compare the values themselves",
};

/** Methods of strings that Monty does not have. */
const METHODS: Record<string, string> = {
  format: 'str.format: write an f-string, such as f"{value:.2f}"',
  format_map: "str.format_map: write an f-string",
  maketrans: "str.maketrans: use a chain of replace calls",
  translate: "str.translate: use a chain of replace calls",
  now: "the clock: the answer depends on the row alone",
  today: "the clock: the answer depends on the row alone",
};

/** Methods that Monty can call and cannot hand on, as in `max(scores, key=scores.get)`. */
const CALLED_ONLY = new Set(
  "get items keys values count index find lower upper strip split startswith endswith isupper islower isdigit isalpha".split(
    " ",
  ),
);

/** What is wrong with the token at `index` and what to write instead, where Python programs cannot have it here. */
export function lackOf(tokens: readonly Token[], index: number): string | undefined {
  const { kind, text, indent, depth } = tokens[index];
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  const isFirst =
    before === undefined || before.kind === "newline" || before.text === ";" || before.text === ":";
  if (kind === "operator") {
    if (text === "@" && isFirst)
      return "it has a decorator, which Python programs cannot use here: call the function";
    if (text === "%" && before?.kind === "string")
      return 'it uses %-formatting, which Python programs cannot use here: write an f-string, such as f"{value:.2f}"';
    return undefined;
  }
  if (kind !== "name") return undefined;
  if (before?.text === ".") {
    if (CALLED_ONLY.has(text) && (after?.text === ")" || after?.text === ","))
      return `it hands on the method ${text} without a call, which Python programs cannot do here: write a lambda that calls it`;
    const found = after?.text === "(" && Object.hasOwn(METHODS, text) ? METHODS[text] : undefined;
    return found && `it uses ${found} (Python programs cannot use the method here)`;
  }
  if (isFirst && depth === 0 && (text === "import" || text === "from"))
    return importReason(tokens, index, indent);
  if (Object.hasOwn(WORDS, text))
    return `it uses \`${text}\`, and Python programs cannot have ${WORDS[text]}`;
  if (after?.text === "(" && Object.hasOwn(CALLS, text) && before?.text !== "def")
    return `it calls ${text}(), which Python programs cannot use here: ${CALLS[text]}`;
  if (/^__(?!name__|doc__)\w+__$/.test(text)) return `it names ${text}, which Python programs do not have`;
  return undefined;
}

function importReason(tokens: readonly Token[], index: number, indent: number): string | undefined {
  const have = `Python programs have only ${PYTHON_MODULES.join(", ")}`;
  const isFrom = tokens[index].text === "from";
  for (let at = index; tokens[at] && tokens[at].kind !== "newline" && tokens[at].text !== ";"; at++) {
    const { text } = tokens[at];
    if (isFrom ? at !== index : text !== "import" && text !== ",") continue;
    const name = tokens[at + 1]?.text;
    if (!PYTHON_MODULES.includes(name) || tokens[at + 2]?.text === ".") return `it imports ${name}: ${have}`;
    if (isFrom && name === "re") return "it imports from re: write import re, and re.search with the dot";
  }
  if (tokens.some(({ text }, at) => isFrom && at > index && at < index + 4 && text === "*"))
    return "it imports *: name what you import";
  return indent > 0 ? "it imports inside a function: write import at the top of the program" : undefined;
}

/** What Monty complains of that is told apart by more than a word, each with what to do instead. */
const FEATURES: [RegExp, string][] = [
  [/pattern matching/, "the match statement: use if and elif"],
  [/exception groups/, "except*: use except"],
  [/type aliases/, "type aliases: leave them out"],
  [/complex constants/, "complex numbers: use two numbers"],
  [/callable replacement/, "a function as the replacement of re.sub: loop over re.finditer"],
  [/unsupported operand type.*'bool'/, "arithmetic with True and False: write int(…), or 1 if … else 0"],
  [/'type' object has no attribute/, "a method of a type as a value: write a lambda that calls it"],
  [/thousands separator/, "a comma in a format: leave it out"],
];

/** The feature that a complaint of Monty's is about; undefined where it is about none that we know. */
export function featureOf(complaint: string): string | undefined {
  const line = /^line (\d+): /.exec(complaint)?.[1];
  const known = FEATURES.find(([pattern]) => pattern.test(complaint));
  return (
    known && `${line ? `in line ${line} ` : ""}it uses what Python programs cannot have here, ${known[1]}`
  );
}
