import { InvalidInputError } from "../errors.ts";
import type { PdfText, Ports } from "../ports.ts";
import { utf8Bytes } from "../tables/read-bytes.ts";
import { readCsv } from "../tables/read-csv.ts";
import type { DocumentFile, LeftOut } from "./list-documents.ts";
import { type Passage, passagesOf } from "./passages.ts";

/** Of all documents together: what is ranked in some seconds and held in some hundred MiB. */
const MOST_CHARACTERS = 8_000_000;

/** A document that was read. */
export interface ReadDocument {
  file: string;
  bytes: number;
  passages: number;
  /** What of it was not read, where it is more than that. */
  cut?: string;
}

/** What was found in the documents. */
export interface Documents {
  documents: ReadDocument[];
  leftOut: LeftOut[];
  passages: Passage[];
}

/** Reads documents into passages, each once, one document after the other. What cannot be read is named and left out. */
export async function readDocuments(
  files: readonly DocumentFile[],
  { store, pdfText }: Pick<Ports, "store" | "pdfText">,
): Promise<Documents> {
  const found: Documents = { documents: [], leftOut: [], passages: [] };
  const known = new Set<string>();
  let left = MOST_CHARACTERS;
  for (const { key, file, kind, bytes } of files) {
    const leaveOut = (reason: string) => found.leftOut.push({ file, reason });
    if (left === 0) {
      leaveOut(`${MOST_CHARACTERS} characters come before it, and no more are read`);
      continue;
    }
    const body = await store.get(key);
    const read = kind === "pdf" ? await readPdf(body, pdfText) : await readText(body, kind);
    if ("problem" in read) {
      leaveOut(read.problem);
      continue;
    }
    const isLong = read.text.length > left;
    const cut = isLong ? `only its first ${left} characters were read` : read.cut;
    const all = passagesOf(read.text.slice(0, left).toWellFormed());
    left -= Math.min(left, read.text.length);
    if (all.length === 0) {
      leaveOut("it has no text");
      continue;
    }
    found.documents.push({ file, bytes, passages: all.length, ...(cut && { cut }) });
    for (const [index, text] of all.entries()) {
      // What heads every page, or is kept in two documents, is said once.
      if (known.has(text)) continue;
      known.add(text);
      found.passages.push({ document: file, number: index + 1, text });
    }
  }
  return found;
}

type Text = { text: string; cut?: string } | { problem: string };

async function readPdf(body: Uint8Array, pdfText: PdfText | undefined): Promise<Text> {
  if (pdfText === undefined) return { problem: "PDFs cannot be read here" };
  const read = await pdfText(body);
  if ("problem" in read) return read;
  const text = read.pages.join("\n\n");
  if (/^\s*$/.test(text)) {
    return { problem: "it has no text, so its pages are pictures: recognise its characters first (OCR)" };
  }
  return { text, ...(read.cut && { cut: read.cut }) };
}

async function readText(body: Uint8Array, kind: "text" | "csv"): Promise<Text> {
  try {
    if (kind === "csv") return { text: await recordsOf(body) };
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    return text.includes("\0") ? { problem: "it is no text: it has null characters" } : { text };
  } catch (error) {
    if (error instanceof TypeError) return { problem: "it is not UTF-8 text: save it as UTF-8" };
    if (error instanceof InvalidInputError)
      return { problem: error.message.slice(error.where.length + 2).replace(/\.$/, "") };
    throw error;
  }
}

/** Each record of a CSV file as a paragraph, every value behind the name of its column. */
async function recordsOf(body: Uint8Array): Promise<string> {
  const bytes = utf8Bytes(
    (async function* () {
      yield body;
    })(),
    "the file",
  );
  const { header, batches } = await readCsv(bytes, ",", "the file");
  const records: string[] = [];
  for await (const { rows } of batches) {
    for (const { values } of rows) {
      const cells = (values as string[]).map((value, index) => [header[index], value.trim()]);
      const filled = cells.filter(([, value]) => value !== "");
      records.push(filled.map(([name, value]) => `${name}: ${value}`).join("; "));
    }
  }
  return records.join("\n\n");
}
