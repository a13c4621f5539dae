import { type Token, tokensOf } from "./tokens.ts";

/** Parameters of the functions of `re` after the pattern. */
const FUNCTIONS = {
  search: ["string", "flags=0"],
  match: ["string", "flags=0"],
  fullmatch: ["string", "flags=0"],
  findall: ["string", "flags=0"],
  finditer: ["string", "flags=0"],
  split: ["string", "maxsplit=0", "flags=0"],
  sub: ["repl", "string", "count=0", "flags=0"],
};

const cached = ([name, parameters]: [string, string[]]): string => {
  const values = parameters.map((parameter) => parameter.replace("=0", ""));
  const given = values.filter((value) => value !== "flags");
  return `def __re_${name}(pattern, ${parameters.join(", ")}): return __re_kept(pattern, flags).${name}(${given.join(", ")})\n`;
};

/**
 * Stands before a program: `re` as CPython has it, which compiles a pattern once. Monty 0.0.18 compiles it at every call:
 * 288 times the CPU time with five patterns a row.
 */
export const PATTERN_CACHE = `import re as __re
__re_patterns = {}
def __re_kept(pattern, flags, type=type, str=str, len=len):
    if type(pattern) is not str: return pattern
    key = (pattern, flags)
    found = __re_patterns.get(key)
    if found is None:
        if len(__re_patterns) > 500: __re_patterns.clear()
        found = __re.compile(pattern, flags)
        __re_patterns[key] = found
    return found
${Object.entries(FUNCTIONS).map(cached).join("")}`;

/** The program with each call of a function of `re` made one of `PATTERN_CACHE`; its lines stay where they are. */
export function withCachedPatterns(source: string): string {
  const tokens = tokensOf(source);
  const aliases = aliasesOfRe(tokens);
  let changed = "";
  let done = 0;
  for (const [index, { text, at }] of tokens.entries()) {
    const [dot, name, opening] = tokens.slice(index + 1, index + 4);
    const isCall = dot?.text === "." && opening?.text === "(" && Object.hasOwn(FUNCTIONS, name.text);
    if (!isCall || !aliases.has(text) || tokens[index - 1]?.text === ".") continue;
    changed += `${source.slice(done, at)}__re_${name.text}`;
    done = name.at + name.text.length;
  }
  return changed + source.slice(done);
}

/** What the program calls the module `re`. */
function aliasesOfRe(tokens: readonly Token[]): Set<string> {
  const aliases = new Set<string>();
  let isImport = false;
  for (const [index, { kind, text }] of tokens.entries()) {
    const before = tokens[index - 1];
    if (before === undefined || before.kind === "newline") isImport = text === "import";
    if (!isImport || kind !== "name" || text !== "re") continue;
    if (before?.text === "import" || before?.text === ",")
      aliases.add(tokens[index + 1]?.text === "as" ? tokens[index + 2].text : "re");
  }
  return aliases;
}
