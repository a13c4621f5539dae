/** A piece of Python source. */
export interface Token {
  kind: "name" | "number" | "string" | "operator" | "newline";
  text: string;
  /** Where it stands in the source. */
  at: number;
  line: number;
  /** Column at which the logical line begins that the token is in. */
  indent: number;
  /** Brackets that are open around it. */
  depth: number;
}

const SPACE = /[ \t\f]+|\\\r?\n|#[^\r\n]*/y;
const NEWLINE = /\r?\n|\r/y;
const NAME = /[\p{L}_][\p{L}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy;
const NUMBER = /\.?\d(?:[eE][+-]?\d|[\w.])*/y;
const STRING_START = /([rRbBuUfFtT]{0,2})("""|'''|"|')/y;
const OPERATOR = /\*\*=?|\/\/=?|<<=?|>>=?|->|:=|[-+*/%@&|^=!<>]=|\.\.\.|./suy;

const matchAt = (pattern: RegExp, source: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(source);
};

/**
 * The tokens of Python source; a `newline` ends each logical line. Made for looking, not for judging: whether the source
 * is Python at all is for the interpreter to say, and what is not comes as operators of one character.
 */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let indent = 0;
  let depth = 0;
  let lineStart = 0;
  let isFresh = true;

  const add = (kind: Token["kind"], text: string): void => {
    if (isFresh && kind !== "newline") indent = at - lineStart;
    if (kind === "newline" ? !isFresh : true) tokens.push({ kind, text, at, line, indent, depth });
    isFresh = kind === "newline";
    for (const character of text.matchAll(/\r?\n|\r/g)) {
      line += 1;
      lineStart = at + character.index + character[0].length;
    }
    at += text.length;
  };

  while (at < source.length) {
    const space = matchAt(SPACE, source, at);
    if (space) {
      if (space[0].startsWith("\\")) line += 1;
      at += space[0].length;
      continue;
    }
    const newline = matchAt(NEWLINE, source, at);
    if (newline && depth === 0) {
      add("newline", newline[0]);
      continue;
    }
    if (newline) {
      line += 1;
      at += newline[0].length;
      continue;
    }
    const string = matchAt(STRING_START, source, at);
    if (string) {
      add("string", source.slice(at, stringEnd(source, at, string)));
      continue;
    }
    const name = matchAt(NAME, source, at);
    const number = name ?? matchAt(NUMBER, source, at);
    const text = number?.[0] ?? (matchAt(OPERATOR, source, at) as RegExpExecArray)[0];
    if (")]}".includes(text)) depth = Math.max(0, depth - 1);
    add(name ? "name" : number ? "number" : "operator", text);
    if ("([{".includes(text)) depth += 1;
  }
  add("newline", "");
  return tokens;
}

/** Strings within strings; people write two or three, and who writes more has a stack in mind. */
const DEEPEST = 100;

/** Where the string ends that begins here; the end of the source where it is never closed, or nests without end. */
function stringEnd(
  source: string,
  start: number,
  [opening, prefix, quote]: RegExpExecArray,
  depth = 0,
): number {
  if (depth > DEEPEST) return source.length;
  const isFormatted = /[ft]/i.test(prefix);
  let at = start + opening.length;
  let braces = 0;
  while (at < source.length) {
    const nested = braces > 0 ? matchAt(STRING_START, source, at) : null;
    if (source.startsWith(quote, at) && (braces === 0 || !nested)) return at + quote.length;
    if (nested) at = stringEnd(source, at, nested, depth + 1);
    else if (source[at] === "\\") at += 2;
    else if (isFormatted && braces === 0 && source.startsWith("{{", at)) at += 2;
    else {
      if (isFormatted && source[at] === "{") braces += 1;
      if (isFormatted && source[at] === "}") braces = Math.max(0, braces - 1);
      if (quote.length === 1 && /[\r\n]/.test(source[at])) return at;
      at += 1;
    }
  }
  return source.length;
}
