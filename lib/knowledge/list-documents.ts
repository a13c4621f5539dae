import { keys } from "../contracts/keys.ts";
import { FileName, type TaskName } from "../contracts/names.ts";
import { InvalidInputError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";

const MIB = 1024 * 1024;
const MOST_FILES = 1_000;
const MOST_BYTES = 64 * MIB;
/** Each PDF takes a process of its own. */
const MOST_PDFS = 100;
type Kind = "text" | "csv" | "pdf";
const KINDS = new Map<string, Kind>([
  ["md", "text"],
  ["txt", "text"],
  ["csv", "csv"],
  ["pdf", "pdf"],
]);
const MOST_BYTES_OF = { text: 8 * MIB, csv: 8 * MIB, pdf: 32 * MIB };

/** A document that may be read. */
export interface DocumentFile {
  key: string;
  file: string;
  kind: Kind;
  bytes: number;
}

/** A file in the folder of documents that nothing is taken from, and why. */
export interface LeftOut {
  file: string;
  reason: string;
}

/**
 * The documents of a task in the order of their names. Nothing is read but the listing, and of that no more than it may have.
 *
 * @throws InvalidInputError where there are too many files, or too many bytes of documents
 */
export async function listDocuments(
  task: TaskName,
  store: ObjectStore,
): Promise<{ documents: DocumentFile[]; leftOut: LeftOut[] }> {
  const prefix = keys.knowledgeOf(task);
  const documents: DocumentFile[] = [];
  const leftOut: LeftOut[] = [];
  let bytes = 0;
  let pdfs = 0;
  for await (const { key, size } of store.list(prefix)) {
    const file = key.slice(prefix.length);
    // Folders as some clients make them, the mark of a whole folder, and files such as .DS_Store that nobody wrote.
    if (file === "" || file.endsWith("/") || file.startsWith(".") || file === "_SUCCESS") continue;
    if (documents.length + leftOut.length === MOST_FILES) throw tooMuch(`more than ${MOST_FILES} files`);
    const kind = KINDS.get(file.replace(/^.*\./s, "").toLowerCase());
    if (kind === "pdf") pdfs += 1;
    const reason =
      problemOf(file, kind, size) ?? (kind === "pdf" && pdfs > MOST_PDFS ? TOO_MANY_PDFS : undefined);
    if (kind === undefined || reason !== undefined) {
      leftOut.push({ file, reason: reason ?? UNKNOWN_KIND });
      continue;
    }
    bytes += size;
    if (bytes > MOST_BYTES) throw tooMuch(`more than ${MOST_BYTES / MIB} MiB of documents`);
    documents.push({ key, file, kind, bytes: size });
  }
  return { documents, leftOut };
}

const UNKNOWN_KIND = "its name does not end in .md, .txt, .csv or .pdf";
const TOO_MANY_PDFS = `${MOST_PDFS} PDFs come before it, and no more are read`;

const tooMuch = (found: string) =>
  new InvalidInputError(
    "knowledge/",
    `found ${found}, and nothing was read. Keep the documents that tell the classes apart, and take the others out.`,
  );

function problemOf(file: string, kind: Kind | undefined, size: number): string | undefined {
  if (file.includes("/")) return "it lies in a folder: documents lie directly in knowledge/";
  const name = FileName.safeParse(file);
  if (!name.success) return `a document needs ${name.error.issues[0].message}`;
  if (kind === undefined) return UNKNOWN_KIND;
  if (size === 0) return "it is empty";
  const most = MOST_BYTES_OF[kind];
  return size > most ? `it has ${size} bytes, and may have ${most}` : undefined;
}
