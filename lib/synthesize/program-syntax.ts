import { type AnyNode, type Expression, type Function as FunctionNode, type Program, parse } from "acorn";

/** The program's syntax tree, or the parser's complaint as a string. */
export function parseScript(source: string): Program | string {
  try {
    return parse(source, { ecmaVersion: "latest", sourceType: "script", locations: true });
  } catch (error) {
    return error instanceof SyntaxError ? error.message : String(error);
  }
}

/** The function that the script calls `label`, where one stands at its top level. */
export function labelFunction(program: Program): FunctionNode | undefined {
  for (const statement of program.body) {
    if (statement.type === "FunctionDeclaration" && statement.id.name === "label") return statement;
    if (statement.type !== "VariableDeclaration") continue;
    for (const { id, init } of statement.declarations) {
      if (id.type !== "Identifier" || id.name !== "label") continue;
      if (init?.type === "FunctionExpression" || init?.type === "ArrowFunctionExpression") return init;
    }
  }
  return undefined;
}

/** A constant that `label` plainly returns and that is neither a class nor null, as written. */
export function foreignReturn(label: FunctionNode, classes: readonly string[]): string | undefined {
  for (const value of returned(label)) {
    if (value.type !== "Literal" || value.value === null) continue;
    if (typeof value.value !== "string" || !classes.includes(value.value)) return value.raw;
  }
  return undefined;
}

/** What a function returns, branches of conditions apart; functions within it return for themselves. */
function returned(label: FunctionNode): Expression[] {
  if (label.body.type !== "BlockStatement") return branches(label.body);
  const values: Expression[] = [];
  const visit = (node: AnyNode): void => {
    if (node.type === "ReturnStatement" && node.argument) values.push(...branches(node.argument));
    if (/Function|Class/.test(node.type)) return;
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child);
  };
  for (const statement of label.body.body) visit(statement);
  return values;
}

const branches = (value: Expression): Expression[] => {
  if (value.type === "ConditionalExpression")
    return [...branches(value.consequent), ...branches(value.alternate)];
  if (value.type === "LogicalExpression") return [...branches(value.left), ...branches(value.right)];
  if (value.type === "ParenthesizedExpression") return branches(value.expression);
  return [value];
};

const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
