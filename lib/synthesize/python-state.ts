import type { Token } from "../python/tokens.ts";

/** Methods that change what they are called on. */
const CHANGING = new Set(
  "append extend insert remove pop popitem clear sort reverse update setdefault add discard".split(" "),
);
const ASSIGNMENTS = new Set("= += -= *= /= //= %= **= |= &= ^= <<= >>=".split(" "));

/**
 * The first place at which a function changes a list, dict or set of the top level, or asks to give one of its names
 * another value. Goes by names, so it finds what is written by mistake, not what is hidden.
 */
export function pythonState(tokens: readonly Token[]): { line: number; reason: string } | undefined {
  const isInside = insideFunctions(tokens);
  const onTop = new Set<string>();
  const inFunctions = new Set<string>();
  for (const [index, { kind, text, depth }] of tokens.entries()) {
    if (kind !== "name") continue;
    const after = tokens[index + 1]?.text;
    const before = tokens[index - 1]?.text;
    const isGiven = depth === 0 && (after === "=" || after === ":" || after === ",") && before !== ".";
    if (!isInside[index] && isGiven && isFirst(tokens, index)) onTop.add(text);
    const isLocal =
      isGiven || after === ":=" || before === "for" || before === "as" || isParameter(tokens, index);
    if (isInside[index] && isLocal) inFunctions.add(text);
  }
  for (const [index, { kind, text, line }] of tokens.entries()) {
    if (!isInside[index] || kind !== "name") continue;
    if (text === "global") return { line, reason: "it has a global statement" };
    if (!onTop.has(text) || inFunctions.has(text) || tokens[index - 1]?.text === ".") continue;
    if (isChanged(tokens, index))
      return { line, reason: `it changes \`${text}\`, which lasts from row to row` };
  }
  return undefined;
}

/** For each token whether it is in a function of the top level; loops there may build tables. */
function insideFunctions(tokens: readonly Token[]): boolean[] {
  let isInside = false;
  return tokens.map(({ text, indent }, index) => {
    if (indent === 0 && isFirst(tokens, index)) isInside = text === "def";
    return isInside;
  });
}

const isFirst = (tokens: readonly Token[], index: number): boolean =>
  index === 0 || tokens[index - 1].kind === "newline" || tokens[index - 1].text === ";";

/** A name in the brackets of a `def`, or of a `lambda`. */
function isParameter(tokens: readonly Token[], index: number): boolean {
  for (let at = index - 1; at >= 0 && tokens[at].kind !== "newline"; at--) {
    const { text, depth } = tokens[at];
    if (text === "lambda" && depth === tokens[index].depth) return true;
    if (text === "def") return tokens[index].depth > 0;
    if (text === ":" && depth < tokens[index].depth) return false;
  }
  return false;
}

/** `name.append(…)`, `name[…] = …`, and what is reached through more dots and brackets. */
function isChanged(tokens: readonly Token[], start: number): boolean {
  const { depth } = tokens[start];
  for (let at = start + 1; at < tokens.length; at++) {
    const { text } = tokens[at];
    if (tokens[at].depth > depth) continue;
    if (text === "." && CHANGING.has(tokens[at + 1]?.text) && tokens[at + 2]?.text === "(") return true;
    if (ASSIGNMENTS.has(text)) return at > start + 1 && depth === 0;
    if (text === ".") at += 1;
    else if (text !== "[" && text !== "]") return false;
  }
  return false;
}
