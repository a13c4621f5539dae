import type { BlockHeader } from "../../contracts/columns.ts";
import { PATTERN_CACHE, withCachedPatterns } from "../../python/cached-patterns.ts";
import { pythonLabelFunction } from "../../python/label-function.ts";
import { tokensOf } from "../../python/tokens.ts";
import { FAULT } from "./answer.ts";
import type { Chunk } from "./chunks.ts";
import type { MontyFailure, MontyModule, MontyProgram } from "./monty.ts";

/** Calls that may be under way in each other. */
const MOST_DEPTH = 200;

/** Why the interpreter stopped before the last row. */
export type Stop = "time" | "memory";

/** What became of a question about some rows. */
export type PythonAnswer = { votes: number[]; complaint?: string } | { stopped: Stop } | { failed: string };

/** A Python program, ready to be asked; nothing of it lives from one question to the next. */
export interface PythonProgram {
  /** Asks about all rows of the chunk. */
  ask(columns: Chunk["columns"], limits: { timeoutMs: number; heapMiB: number }): PythonAnswer;
}

/** Opens a program, or says why it is none. It has not run yet. */
export function openPython(
  { Monty, MontyException }: MontyModule,
  source: string,
  { classes, columns }: { classes: readonly string[]; columns: BlockHeader["columns"] },
): PythonProgram | { failed: string } {
  const failure = (found: MontyFailure): string => {
    const line = /line (\d+)/.exec(found.display("traceback"))?.[1];
    return `${line ? `line ${line}: ` : ""}${found.display("type-msg")}`;
  };
  // Alone first, for its complaints to name its own lines.
  const alone = Monty.create(source, { inputs: [] });
  if (alone instanceof MontyException) return { failed: failure(alone) };
  const label = pythonLabelFunction(tokensOf(source));
  if (label === undefined) return { failed: "it defines no function label_function at its top level" };
  const before = beforeProgram(classes, argumentOf(label.parameters[0], columns), columns.length);
  const inputs = columns.map((_, index) => `__column${index}`);
  const whole = Monty.create(
    `${before}${withCachedPatterns(source)}\n__ask(${[label.name, ...inputs].join(", ")})\n`,
    { inputs },
  );
  if (whole instanceof MontyException) return { failed: failure(whole) };
  const program = whole as MontyProgram;
  const linesBefore = before.split("\n").length - 1;

  return {
    ask(values, { timeoutMs, heapMiB }) {
      const startedMs = performance.now();
      const found = program.run({
        inputs: Object.fromEntries(
          inputs.map((name, index) => [name, valuesOf(values[index], columns[index].kind)]),
        ),
        limits: {
          maxDurationSecs: timeoutMs / 1_000,
          maxMemory: heapMiB * 2 ** 20,
          maxRecursionDepth: MOST_DEPTH,
        },
        printCallback: () => {},
      });
      if (found instanceof MontyException) {
        const { typeName, message } = found.exception;
        // A program may throw what looks the same.
        const isSpent = performance.now() - startedMs >= timeoutMs;
        if (typeName === "TimeoutError" && isSpent && message.startsWith("time limit exceeded"))
          return { stopped: "time" };
        if (typeName === "MemoryError") return { stopped: "memory" };
        const line = (found.traceback().at(0)?.line ?? 0) - linesBefore;
        return { failed: `${line > 0 ? `line ${line}: ` : ""}${found.display("type-msg")}` };
      }
      return checked(found, values[0].length, classes.length);
    },
  };
}

/** Text as it is, JSON as what it says: a program gets lists and dicts. */
const valuesOf = (
  values: Chunk["columns"][number],
  kind: BlockHeader["columns"][number]["kind"],
): unknown[] =>
  kind === "json" ? (values as string[]).map((text) => JSON.parse(text)) : Array.from<unknown>(values);

/** What `label_function` is called with: the text where it asks for a text, else a new dict of all columns. */
function argumentOf(parameter: string | undefined, columns: BlockHeader["columns"]): string {
  const text = columns.findIndex(({ name }) => name === "text");
  if (parameter === "text" && text !== -1) return `column${text}[row]`;
  return `{${columns.map(({ name }, index) => `${JSON.stringify(name)}: column${index}[row]`).join(", ")}}`;
}

/**
 * Our code before the program's, with what it uses bound before the program can give those names another meaning. Types
 * are told apart here, for to JavaScript 1, 1.0 and True look alike or nearly so.
 */
function beforeProgram(classes: readonly string[], argument: string, columns: number): string {
  const names = Array.from({ length: columns }, (_, index) => `column${index}`);
  const classOf = JSON.stringify(Object.fromEntries(classes.map((name, index) => [name, index])));
  return `${PATTERN_CACHE}def __ask(label, ${names.join(", ")}, class_of=${classOf}, type=type, str=str, int=int, range=range, len=len, repr=repr, BaseException=BaseException):
    votes = []
    said = None
    for row in range(len(column0)):
        try:
            answer = label(${argument})
            vote = ${FAULT.badReturn}
            if answer is None: vote = -1
            elif type(answer) is int:
                if -1 <= answer < ${classes.length}: vote = answer
            elif type(answer) is str: vote = class_of.get(answer, ${FAULT.badReturn})
            if vote == ${FAULT.badReturn} and said is None:
                kind = str(type(answer))[8:-2]
                said = kind + " " + repr(answer)[:80] if kind in ["int", "str", "float", "bool"] else kind
        except BaseException as error:
            vote = ${FAULT.error}
            if said is None: said = str(type(error))[8:-2] + ": " + str(error)[:200]
        votes.append(vote)
    return [votes, said]
`;
}

/** A program can reach what answers for it: what comes is believed only where it could be true. */
function checked(found: unknown, rows: number, classes: number): PythonAnswer {
  const [votes, said] = Array.isArray(found) ? found : [];
  const couldBe = (vote: unknown): boolean =>
    Number.isInteger(vote) &&
    ((Number(vote) >= -1 && Number(vote) < classes) || vote === FAULT.error || vote === FAULT.badReturn);
  if (!Array.isArray(votes) || votes.length !== rows || !votes.every(couldBe))
    return { failed: "it changes what asks it" };
  return { votes, ...(typeof said === "string" && { complaint: said }) };
}
