import type { AnyNode } from "acorn";

/** A node of a program's syntax tree, as a walk comes by it. */
export interface Visit {
  node: AnyNode;
  parent: AnyNode | undefined;
  inFunction: boolean;
  /** How many nodes are around it. */
  depth: number;
}

/** Every node of a syntax tree in the order of the source. No recursion: who wrote it may have nested without end. */
export function* visits(program: AnyNode): Generator<Visit> {
  const open: Visit[] = [{ node: program, parent: undefined, inFunction: false, depth: 0 }];
  for (let visit = open.pop(); visit; visit = open.pop()) {
    yield visit;
    const { node } = visit;
    const depth = visit.depth + 1;
    const inFunction = visit.inFunction || isFunction(node);
    const children = Object.values(node).flat().filter(isNode);
    for (const child of children.reverse()) open.push({ node: child, parent: node, inFunction, depth });
  }
}

const FUNCTIONS = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"] as const;
type FunctionNode = Extract<AnyNode, { type: (typeof FUNCTIONS)[number] }>;

export const isFunction = (node: AnyNode): node is FunctionNode =>
  FUNCTIONS.some((type) => type === node.type);

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
