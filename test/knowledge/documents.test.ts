import { describe, expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { listDocuments } from "../../lib/knowledge/list-documents.ts";
import { readDocuments } from "../../lib/knowledge/read-documents.ts";
import type { ObjectStore, PdfText } from "../../lib/ports.ts";
import { memoryStore } from "../support/memory-store.ts";
import { task } from "../support/synthesis.ts";

const MIB = 2 ** 20;
const at = keys.knowledgeOf(task);

const storeOf = (files: Record<string, string | Uint8Array>) =>
  memoryStore(Object.fromEntries(Object.entries(files).map(([name, body]) => [`${at}${name}`, body])));

/** A folder of so many files of one size, none of which may be read; counts how many were listed. */
function listing(files: number, size: number) {
  const listed = { files: 0 };
  const store: ObjectStore = {
    ...memoryStore(),
    get: () => Promise.reject(new Error("read")),
    async *list() {
      for (let file = 0; file < files; file++) {
        listed.files += 1;
        yield { key: `${at}${String(file).padStart(6, "0")}.md`, size };
      }
    },
  };
  return { store, listed };
}

const pdfText: PdfText = async (pdf) => {
  const text = Buffer.from(pdf).toString();
  return text === "locked" ? { problem: "it is locked with a password" } : { pages: [text, "Page two."] };
};

async function read(files: Record<string, string | Uint8Array>) {
  const store = storeOf(files);
  const { documents, leftOut } = await listDocuments(task, store);
  const found = await readDocuments(documents, { store, pdfText });
  return { ...found, leftOut: [...leftOut, ...found.leftOut] };
}

describe("a folder of documents", () => {
  it("is read by the names of its files, and says what is left out of it", async () => {
    const { documents, leftOut, passages } = await read({
      ".DS_Store": "?",
      _SUCCESS: "",
      "a.MD": "# Refunds\n\nWithin five days.",
      "b.csv": "term,meaning\nrefund,money back\nfee,\n",
      "c.pdf": "Page one.",
      "d.txt": "Within five days.\n",
      "e..md": "up",
      "f\u0007.md": "bell",
      "g.docx": "PK",
      "h.constructor": "?",
      "i.md": "",
      "j.md": " \n\n ",
      "k.txt": Buffer.from([0xff, 0xfe, 0x41, 0x00]),
      "l.txt": "a\0b",
      "m.pdf": "locked",
      "n.csv": "a,a\n1,2\n",
      "o/p.md": "below",
    });
    expect(documents).toEqual([
      { file: "a.MD", bytes: 28, passages: 1 },
      { file: "b.csv", bytes: 36, passages: 1 },
      { file: "c.pdf", bytes: 9, passages: 1 },
      { file: "d.txt", bytes: 18, passages: 1 },
    ]);
    expect(passages).toEqual([
      { document: "a.MD", number: 1, text: "# Refunds\n\nWithin five days." },
      { document: "b.csv", number: 1, text: "term: refund; meaning: money back\n\nterm: fee" },
      { document: "c.pdf", number: 1, text: "Page one.\n\nPage two." },
      { document: "d.txt", number: 1, text: "Within five days." },
    ]);
    expect(leftOut).toEqual([
      { file: "e..md", reason: "a document needs a name without '..' that does not begin with a dot" },
      { file: "f\u0007.md", reason: "a document needs a name without slashes and control characters" },
      { file: "g.docx", reason: "its name does not end in .md, .txt, .csv or .pdf" },
      { file: "h.constructor", reason: "its name does not end in .md, .txt, .csv or .pdf" },
      { file: "i.md", reason: "it is empty" },
      { file: "o/p.md", reason: "it lies in a folder: documents lie directly in knowledge/" },
      { file: "j.md", reason: "it has no text" },
      { file: "k.txt", reason: "it is not UTF-8 text: save it as UTF-8" },
      { file: "l.txt", reason: "it is no text: it has null characters" },
      { file: "m.pdf", reason: "it is locked with a password" },
      { file: "n.csv", reason: 'the header names the column "a" twice. Rename one' },
    ]);
  });

  it("tells a PDF of pictures", async () => {
    const store = storeOf({ "scan.pdf": "%PDF" });
    const { documents } = await listDocuments(task, store);
    const { leftOut } = await readDocuments(documents, {
      store,
      pdfText: async () => ({ pages: ["", " \n"] }),
    });
    expect(leftOut).toEqual([
      {
        file: "scan.pdf",
        reason: "it has no text, so its pages are pictures: recognise its characters first (OCR)",
      },
    ]);
  });

  it("leaves out a file that is too large, unread", async () => {
    const { store } = listing(1, 100 * MIB);
    expect(await listDocuments(task, store)).toEqual({
      documents: [],
      leftOut: [{ file: "000000.md", reason: "it has 104857600 bytes, and may have 8388608" }],
    });
  });

  it.each([
    { name: "of a gigabyte", files: 128, size: 8 * MIB, found: "more than 64 MiB of documents", listed: 9 },
    { name: "of 100,000 files", files: 100_000, size: 10, found: "more than 1000 files", listed: 1_001 },
  ])("is refused $name, unread and not even listed to its end", async ({ files, size, found, listed }) => {
    const folder = listing(files, size);
    await expect(listDocuments(task, folder.store)).rejects.toThrow(
      `knowledge/: found ${found}, and nothing was read. Keep the documents that tell the classes apart, and take the others out.`,
    );
    expect(folder.listed.files).toBe(listed);
  });

  it("is read up to a bound of characters, and says what comes behind it", async () => {
    const long = "words and words. ".repeat(450_000);
    const { documents, leftOut } = await read({ "a.md": long, "b.md": long, "c.md": "short" });
    expect(documents.map(({ file, cut }) => [file, cut])).toEqual([
      ["a.md", undefined],
      ["b.md", `only its first ${8_000_000 - long.length} characters were read`],
    ]);
    expect(leftOut).toEqual([
      { file: "c.md", reason: "8000000 characters come before it, and no more are read" },
    ]);
  });
});
