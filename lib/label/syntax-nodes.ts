import type { AnyNode } from "acorn";

/** A node of a program's syntax tree, as a walk comes by it. */
export interface Visit {
  node: AnyNode;
  parent: AnyNode | undefined;
  inFunction: boolean;
}

/** Every node of a syntax tree, from the outside in. */
export function* visits(node: AnyNode, parent?: AnyNode, inFunction = false): Generator<Visit> {
  yield { node, parent, inFunction };
  const within = inFunction || isFunction(node);
  for (const child of Object.values(node).flat()) if (isNode(child)) yield* visits(child, node, within);
}

const FUNCTIONS = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"] as const;
type FunctionNode = Extract<AnyNode, { type: (typeof FUNCTIONS)[number] }>;

export const isFunction = (node: AnyNode): node is FunctionNode =>
  FUNCTIONS.some((type) => type === node.type);

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
