import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** The documents whose commands people paste, by their path in the project. */
export function documents(): string[] {
  const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  const examples = readdirSync(join(root, "examples"), { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  return [
    "README.md",
    "CONTRIBUTING.md",
    ...docs.map((name) => `docs/${name}`),
    ...examples.map(({ name }) => `examples/${name}/README.md`),
  ].sort();
}

/** The commands of a document: each line of its shell blocks, and what starts like one in running text. */
export function commandsIn(document: string): string[] {
  const text = readFileSync(join(root, document), "utf8");
  const blocks = [...text.matchAll(/^ *```(?:sh|bash|console)\n([\s\S]*?)^ *```/gm)].flatMap(([, block]) =>
    block.replaceAll("\\\n", "").split("\n"),
  );
  const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, "");
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => code.replaceAll(/\s+/g, " "));
  return [
    ...blocks.map((line) => line.replace(/(^|\s{2,})#.*$/, "").trim()).filter((line) => line !== ""),
    ...inline.filter((code) => STARTS.test(code)),
  ];
}

/** `npm run check` is one; `alchemist run` is how a sentence speaks of one. */
const STARTS = /^(?:[A-Z_]+=\S+ )*(?:npx|npm|node|aws|bash|rm|cp|curl) \S/;
