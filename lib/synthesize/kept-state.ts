import type { AnyNode, Pattern, Program } from "acorn";
import { reachedCode } from "./reached-code.ts";
import { isFunction, visits } from "./syntax-nodes.ts";

/** Methods that change what they are called on. */
const CHANGING = new Set(
  "push pop shift unshift splice sort reverse fill copyWithin set add delete clear".split(" "),
);

/** Where a program changes something that is still there when the next row comes. */
export interface KeptState {
  node: AnyNode;
  reason: string;
}

/**
 * The first place at which a function that `label` reaches changes a variable, list, set or map of the top level, or a
 * variable that it does not declare. Goes by names, so it finds what is written by mistake, not what is hidden.
 */
export function keptState(program: Program): KeptState | undefined {
  const inFunctions = new Set<string>();
  const onTop = new Set<string>();
  for (const { node, inFunction } of visits(program)) {
    for (const name of declaredBy(node)) (inFunction ? inFunctions : onTop).add(name);
    if (isFunction(node)) for (const name of node.params.flatMap(namesIn)) inFunctions.add(name);
  }
  for (const { node } of reachedCode(program)) {
    for (const name of changedBy(node)) {
      if (inFunctions.has(name)) continue;
      if (onTop.has(name)) return { node, reason: `it changes \`${name}\`, which lasts from row to row` };
      return { node, reason: `it changes \`${name}\`, which it does not declare` };
    }
  }
  return undefined;
}

function declaredBy(node: AnyNode): string[] {
  if (node.type === "VariableDeclaration") return node.declarations.flatMap(({ id }) => namesIn(id));
  if (node.type === "CatchClause") return node.param ? namesIn(node.param) : [];
  const isNamed = node.type === "FunctionDeclaration" || node.type === "ClassDeclaration";
  return isNamed && node.id ? [node.id.name] : [];
}

/** The variables whose value, or what that holds, a node changes. */
function changedBy(node: AnyNode): string[] {
  switch (node.type) {
    case "AssignmentExpression":
      return namesIn(node.left);
    case "UpdateExpression":
      return ownersOf(node.argument);
    case "ForInStatement":
    case "ForOfStatement":
      return node.left.type === "VariableDeclaration" ? [] : namesIn(node.left);
    case "UnaryExpression":
      return node.operator === "delete" ? ownersOf(node.argument) : [];
    case "CallExpression": {
      const { callee } = node;
      const isChanging =
        callee.type === "MemberExpression" &&
        callee.property.type === "Identifier" &&
        CHANGING.has(callee.property.name);
      return isChanging ? ownersOf(callee.object) : [];
    }
    default:
      return [];
  }
}

/** The variables that a pattern gives a value to, or into which it puts one. */
function namesIn(pattern: Pattern): string[] {
  switch (pattern.type) {
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap((element) => (element ? namesIn(element) : []));
    case "RestElement":
      return namesIn(pattern.argument);
    case "AssignmentPattern":
      return namesIn(pattern.left);
    default:
      return ownersOf(pattern);
  }
}

/** `list` of `list`, `list[0]` and `list[0].name`; nothing of what a call returns. */
function ownersOf(node: AnyNode): string[] {
  let owner = node;
  while (owner.type === "MemberExpression") owner = owner.object;
  return owner.type === "Identifier" ? [owner.name] : [];
}
