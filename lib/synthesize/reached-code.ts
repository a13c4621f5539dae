import type { AnyNode, Program } from "acorn";
import { isFunction, type Visit, visits } from "./syntax-nodes.ts";

/**
 * What can run when a row comes: the code of functions that `label` reaches by name, itself first. Functions that only
 * build tables while the program starts are not among it.
 */
export function* reachedCode(program: Program): Generator<Visit> {
  const declared = topLevel(program);
  const reached = new Set(["label"]);
  for (const name of reached) {
    for (const visit of visits(declared.get(name) ?? program)) {
      const { node, inFunction } = visit;
      if (node.type === "Identifier" && declared.has(node.name)) reached.add(node.name);
      if (inFunction || isFunction(node)) yield visit;
    }
  }
}

/** What each name of the top level is declared as. */
function topLevel({ body }: Program): Map<string, AnyNode> {
  const declared = new Map<string, AnyNode>();
  for (const statement of body) {
    if (statement.type === "FunctionDeclaration") declared.set(statement.id.name, statement);
    if (statement.type !== "VariableDeclaration") continue;
    for (const { id, init } of statement.declarations) {
      if (id.type === "Identifier" && init) declared.set(id.name, init);
    }
  }
  return declared;
}
