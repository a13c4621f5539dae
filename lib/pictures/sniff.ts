import { isUtf8 } from "node:buffer";
import { MOST_PICTURE_BYTES } from "../contracts/pictures.ts";
import type { Problem } from "./picture-problem.ts";

const READ = "Pictures are read as JPEG, PNG, WebP, GIF, TIFF and AVIF.";

/** What these bytes are where they are no picture that is read, by their content and not by their name. */
export function contentProblem(bytes: Uint8Array): Problem | undefined {
  if (bytes.byteLength === 0) return { reason: "empty", message: "the file is empty." };
  if (bytes.byteLength > MOST_PICTURE_BYTES) return tooLarge(bytes.byteLength);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 512));
  const has = ([at, mark]: Mark) => head.toString("latin1", at, at + mark.length) === mark;
  if (PICTURES.some((marks) => marks.every(has)) || isAvif(head)) return undefined;
  if (ARCHIVES.some(has)) {
    return { reason: "archive", message: "this is an archive inside an archive. Drop it by itself." };
  }
  return { reason: "no-picture", message: `this is ${guess(head, has)}. ${READ}` };
}

export const tooLarge = (bytes: number): Problem => ({
  reason: "too-large",
  message: `the file has ${Math.ceil(bytes / 2 ** 20)} MiB. A picture may have ${MOST_PICTURE_BYTES / 2 ** 20}.`,
});

/** What stands where, byte for byte. */
type Mark = [at: number, mark: string];

const PICTURES: Mark[][] = [
  [[0, "\xff\xd8\xff"]],
  [[0, "\x89PNG\r\n\x1a\n"]],
  [[0, "GIF8"]],
  [
    [0, "RIFF"],
    [8, "WEBP"],
  ],
  [[0, "II*\0"]],
  [[0, "MM\0*"]],
  [[0, "II+\0"]],
  [[0, "MM\0+"]],
];

const ARCHIVES: Mark[] = [
  [0, "PK\x03\x04"],
  [0, "PK\x05\x06"],
  [0, "\x1f\x8b"],
  [0, "7z\xbc\xaf"],
  [0, "Rar!"],
  [0, "BZh"],
  [0, "\xfd7zXZ"],
  [257, "ustar"],
];

/** AVIF and HEIC share a container, and tell of themselves in its first box. */
function isAvif(head: Buffer): boolean {
  if (head.toString("latin1", 4, 8) !== "ftyp") return false;
  const brands = head.toString("latin1", 8, Math.min(head.readUInt32BE(0), head.length));
  return brands.includes("avif") || brands.includes("avis");
}

function guess(head: Buffer, has: (mark: Mark) => boolean): string {
  if (has([4, "ftyp"])) return "HEIC or a film";
  if (has([0, "BM"])) return "a BMP";
  if (has([0, "%PDF"])) return "a PDF";
  if (/<svg[\s>]/i.test(head.toString("latin1"))) return "an SVG, which is a program more than a picture";
  // The last character may be cut.
  return !head.includes(0) && isUtf8(head.subarray(0, Math.max(1, head.length - 3)))
    ? "text"
    : "not a picture";
}
