import type { AnyNode, Program } from "acorn";
import { keptState } from "./kept-state.ts";
import { labelFunction, parseScript } from "./program-syntax.ts";
import { isFunction, type Visit, visits } from "./syntax-nodes.ts";

/** Most bytes of a program. */
export const MOST_BYTES = 32 * 1_024;
/** Syntax within syntax: what people and models write nests some 30 deep, and a long sum or chain of `else if` a hundred. */
const DEEPEST = 500;

/**
 * Why a program may not run, found by reading it alone: what no program needs, and what would let its votes
 * depend on anything but the row. Worded for its author to mend it; undefined where nothing is wrong.
 */
export function checkProgram(source: string): string | undefined {
  const bytes = Buffer.byteLength(source);
  if (bytes > MOST_BYTES) return `it has ${bytes} bytes, and a program may have ${MOST_BYTES}`;
  const program = parseScript(source);
  if (typeof program === "string" && /stack space/.test(program)) return TOO_DEEP;
  if (typeof program === "string") return `it does not parse as a plain script: ${program}`;
  for (const visit of visits(program)) if (visit.depth > DEEPEST) return TOO_DEEP;
  const label = labelFunction(program);
  if (label === undefined) return noLabel(program);
  if (label.generator) return "label is a generator: write a plain function that returns its answer";
  for (const visit of visits(program)) {
    const reason = forbidden(visit);
    if (reason !== undefined) return `in line ${lineOf(visit.node)} ${reason}`;
  }
  const state = keptState(program);
  return state && `in line ${lineOf(state.node)} ${state.reason}: a vote may depend on its row alone`;
}

const TOO_DEEP = `it nests more than ${DEEPEST} deep: write a list and a loop instead of one long expression`;

function noLabel({ body }: Program): string {
  const isClass = body.some(
    (statement) => statement.type === "ClassDeclaration" && statement.id.name === "label",
  );
  if (isClass) return "label is a class: write a function label(row)";
  return "it defines no function label at its top level";
}

const lineOf = (node: AnyNode): number | undefined => node.loc?.start.line;

function forbidden({ node, parent, inFunction }: Visit): string | undefined {
  if (isFunction(node) && node.async) return "it has an async function: nothing can be waited for";
  if (node.type === "ImportExpression") return "it imports a module: a program is one script";
  if (node.type === "WithStatement") return "it has a with statement";
  if (node.type !== "Literal") return undefined;
  if (node.bigint) return "it has a BigInt: use a number";
  const lasts = !inFunction && parent?.type !== "CallExpression" && parent?.type !== "MemberExpression";
  if (lasts && /[gy]/.test(node.regex?.flags ?? "")) {
    return `the pattern ${node.raw} remembers its position from row to row: drop its flag g or y, or move it into a function`;
  }
  return undefined;
}
