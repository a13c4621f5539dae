import { getDocumentProxy } from "unpdf";

/** Of one document: a book. */
const MOST_PAGES = 500;
const MOST_CHARACTERS = 2_000_000;

/** A text item of pdf.js; marks have no `str`. */
interface Item {
  str?: string;
  hasEOL?: boolean;
}

/** Reads a PDF from standard input, and writes its text to standard output: one JSON object. */
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const answer = await textOf(Buffer.concat(chunks)).catch((error: unknown) => ({ problem: problemOf(error) }));
process.stdout.write(JSON.stringify(answer), () => process.exit(0));

async function textOf(pdf: Uint8Array): Promise<{ pages: string[]; cut?: string }> {
  const document = await getDocumentProxy(new Uint8Array(pdf), {
    // Nothing is drawn, no font is loaded, and no native code of the library's is needed.
    disableFontFace: true,
    useSystemFonts: false,
    useWasm: false,
    verbosity: 0,
  });
  const pages: string[] = [];
  let characters = 0;
  for (let number = 1; number <= document.numPages; number++) {
    if (number > MOST_PAGES) return { pages, cut: `only its first ${MOST_PAGES} pages were read` };
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const text = (items as Item[]).map(({ str = "", hasEOL }) => (hasEOL ? `${str}\n` : str)).join("");
    pages.push(text.slice(0, MOST_CHARACTERS - characters));
    characters += text.length;
    if (characters > MOST_CHARACTERS) {
      return { pages, cut: `only its first ${MOST_CHARACTERS} characters were read` };
    }
    page.cleanup();
  }
  return { pages };
}

function problemOf(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  if (name === "PasswordException") return "it is locked with a password";
  if (name === "InvalidPDFException") return "it is no PDF, or a damaged one";
  return "its text cannot be read: it may be damaged";
}
