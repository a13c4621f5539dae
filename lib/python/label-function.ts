import type { Token } from "./tokens.ts";

/** What a Python program may call its one function; `label_function` is the paper's word. */
const NAMES = ["label_function", "label"];

/** The function that a Python program labels with. */
export interface LabelFunction {
  name: string;
  /** Names of its parameters, in order. */
  parameters: string[];
  /** Its tokens, from `def` on. */
  tokens: Token[];
}

/** The last function of that name at the top level of the program; undefined where there is none. */
export function pythonLabelFunction(tokens: readonly Token[]): LabelFunction | undefined {
  let found: LabelFunction | undefined;
  for (const [index, { text, kind, indent, depth }] of tokens.entries()) {
    const name = tokens[index + 1]?.text;
    if (kind !== "name" || text !== "def" || indent > 0 || depth > 0 || !NAMES.includes(name)) continue;
    const length = tokens.slice(index + 1).findIndex((token) => startsTopLevel(token, tokens[index].line));
    const body = tokens.slice(index, length === -1 ? undefined : index + 1 + length);
    found = { name, parameters: parametersOf(body.slice(2)), tokens: body };
  }
  return found;
}

const startsTopLevel = ({ indent, depth, kind, line }: Token, defLine: number): boolean =>
  kind !== "newline" && indent === 0 && depth === 0 && line > defLine;

/** The names in the brackets that come first, without their annotations and defaults. */
function parametersOf(tokens: readonly Token[]): string[] {
  const names: string[] = [];
  let isNext = false;
  for (const { kind, text, depth } of tokens) {
    if (text === "(" && depth === 0) isNext = true;
    else if (text === ")" && depth === 0) break;
    else if (text === "," && depth === 1) isNext = true;
    else if (kind === "name" && depth === 1 && isNext) {
      names.push(text);
      isNext = false;
    }
  }
  return names;
}
