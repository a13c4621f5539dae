import { labelFunction, parseScript } from "./program-syntax.ts";

/** A reply's program, or why it has none, said so that whoever wrote the reply can mend it. */
export type Extracted = { source: string; reason?: undefined } | { source?: undefined; reason: string };

/** Finds the one program in a reply: a fenced block that defines `label`, or a reply that is itself a program. */
export function extractProgram({ text, finishReason }: { text: string; finishReason: string }): Extracted {
  const declined = declinedReason({ text, finishReason });
  if (declined !== undefined) return { reason: declined };

  const blocks = codeBlocks(text);
  const scripts = blocks.filter(({ tag, code }) => JAVASCRIPT.has(tag) && !isPython(code));
  const programs = scripts.filter(({ code }) => definesLabel(code));
  if (programs.length === 1) return { source: `${programs[0].code.trim()}\n` };
  if (programs.length > 1) {
    return { reason: `it has ${programs.length} code blocks that define label, where one was asked for` };
  }
  if (finishReason === "length") return { reason: "it was cut off before its end; write a shorter program" };
  if (scripts.length > 0) return { reason: complaintOf(scripts) };
  if (blocks.length === 0 && definesLabel(text)) return { source: `${text.trim()}\n` };
  if (isPython(text) || blocks.some(({ tag, code }) => tag.startsWith("py") || isPython(code)))
    return { reason: "it is a Python program, where JavaScript was asked for" };
  return { reason: "it has no JavaScript code block" };
}

/** Why a reply says nothing at all: empty, or the model declined; undefined where it says something. */
export function declinedReason({
  text,
  finishReason,
}: {
  text: string;
  finishReason: string;
}): string | undefined {
  if (finishReason === "refusal" || finishReason === "content_filter") {
    const said = text.trim().slice(0, 200);
    return `the model declined to answer${said && ` (${JSON.stringify(said)})`}`;
  }
  if (text.trim() !== "") return undefined;
  return finishReason === "length" ? "it was cut off before it began" : "it is empty";
}

const JAVASCRIPT = new Set(["", "javascript", "js", "mjs", "cjs", "jsx", "node", "typescript", "ts"]);

/** A fenced block of a reply; the tag in small letters. */
export interface CodeBlock {
  tag: string;
  code: string;
}

/** Fenced blocks; one that is never closed goes on to the end, as in Markdown. */
export function codeBlocks(text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let fence: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*(`{3,}|~{3,})\s*([^\s`]*)/.exec(line);
    if (fence === undefined && found) {
      fence = found[1];
      blocks.push({ tag: found[2].toLowerCase(), code: "" });
    } else if (fence !== undefined && line.trim().startsWith(fence) && /^[`~]+$/.test(line.trim())) {
      fence = undefined;
    } else if (fence !== undefined) {
      blocks[blocks.length - 1].code += `${line}\n`;
    }
  }
  return blocks;
}

function definesLabel(code: string): boolean {
  const program = parseScript(code);
  return typeof program !== "string" && labelFunction(program) !== undefined;
}

const isPython = (code: string): boolean =>
  /^[ \t]*def[ \t]+\w+[ \t]*\(.*:[ \t]*(#.*)?$/m.test(code) && typeof parseScript(code) === "string";

/** What is wrong with blocks of which none defines `label`: the syntax of the first that does not parse, or that. */
function complaintOf(scripts: readonly CodeBlock[]): string {
  for (const { code } of scripts) {
    const problem = parseScript(code);
    if (typeof problem === "string") return `its code does not parse: ${problem}`;
  }
  return "its code does not define function label(row) at the top level";
}
