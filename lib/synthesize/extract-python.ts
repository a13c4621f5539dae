import { pythonLabelFunction } from "../python/label-function.ts";
import { tokensOf } from "../python/tokens.ts";
import { codeBlocks, declinedReason, type Extracted } from "./extract-program.ts";

const PYTHON = new Set(["", "python", "py", "python3"]);

const definesLabel = (code: string): boolean => pythonLabelFunction(tokensOf(code)) !== undefined;

/** Finds the one Python program in a reply: a fenced block that defines `label_function`, or a reply that is one itself. */
export function extractPython({ text, finishReason }: { text: string; finishReason: string }): Extracted {
  const declined = declinedReason({ text, finishReason });
  if (declined !== undefined) return { reason: declined };
  const blocks = codeBlocks(text);
  const scripts = blocks.filter(({ tag }) => PYTHON.has(tag));
  const programs = scripts.filter(({ code }) => definesLabel(code));
  if (programs.length === 1) return { source: `${programs[0].code.trim()}\n` };
  if (programs.length > 1) {
    return {
      reason: `it has ${programs.length} code blocks that define label_function, where one was asked for`,
    };
  }
  if (finishReason === "length") return { reason: "it was cut off before its end; write a shorter program" };
  if (scripts.length > 0) return { reason: "its code does not define label_function at the top level" };
  if (blocks.length === 0 && definesLabel(text)) return { source: `${text.trim()}\n` };
  return {
    reason:
      blocks.length > 0
        ? `its code block is marked ${blocks[0].tag}, where Python was asked for`
        : "it has no Python code block",
  };
}
