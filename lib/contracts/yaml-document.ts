import { type Document, isScalar, LineCounter, parseDocument, type Scalar, visit } from "yaml";
import { InvalidInputError } from "../errors.ts";

/** A YAML or JSON file, read. */
export interface YamlDocument {
  content: unknown;
  /** Where a field stands: `task.yaml:7: synthesis.model`; the nearest parent's line where it is missing. */
  at(path: readonly PropertyKey[]): string;
}

/** @throws InvalidInputError naming the line, where the text is empty or no YAML, or a key stands twice in one map */
export function readDocument(text: string, file: string): YamlDocument {
  const lines = new LineCounter();
  // The parser's own look for keys that stand twice takes minutes for 100,000 of them.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const [syntax] = document.errors;
  if (syntax)
    throw new InvalidInputError(
      `${file}:${lines.linePos(syntax.pos[0]).line}`,
      `${syntax.message}.${hint(syntax)}`,
    );
  const twice = keyThatStandsTwice(document);
  if (twice) {
    throw new InvalidInputError(
      `${file}:${lines.linePos(twice.range?.[0] ?? 0).line}`,
      `found ${JSON.stringify(twice.value)} twice. Each class and each field can stand only once.`,
    );
  }
  const content = contentOf(document, file);
  if (content === null || content === undefined) {
    throw new InvalidInputError(file, "the file is empty. It needs at least name, description and classes.");
  }

  const at = (path: readonly PropertyKey[]): string => {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range)
        return `${file}:${lines.linePos(node.range[0]).line}: ${path.map(String).join(".") || "(file)"}`;
    }
    return `${file}: ${path.map(String).join(".")}`;
  };
  return { content, at };
}

/** The parser's words for the most frequent mistake do not say what it is. */
const hint = ({ code }: { code: string }) =>
  code === "BLOCK_AS_IMPLICIT_KEY" ? " Put quotes around a value that holds a colon." : "";

/** The second of two equal keys in one map, where there is one. */
function keyThatStandsTwice(document: Document): Scalar | undefined {
  let twice: Scalar | undefined;
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (keys.has(String(key.value))) {
          twice = key;
          return visit.BREAK;
        }
        keys.add(String(key.value));
      }
      return undefined;
    },
  });
  return twice;
}

/** The document's values. @throws InvalidInputError for an alias of nothing, or aliases that multiply without end */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new InvalidInputError(file, `${(cause as Error).message}. Write the value out instead.`, { cause });
  }
}
