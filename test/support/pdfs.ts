import { deflateSync } from "node:zlib";

/** A PDF of one page that draws what `content` says, packed so many times. */
export function pdfOf(content: string | Uint8Array, packings = 0, trailer = ""): Uint8Array {
  let stream = Buffer.from(content);
  for (let packing = 0; packing < packings; packing++) stream = deflateSync(stream);
  const filters = packings === 0 ? "" : `/Filter[${"/FlateDecode ".repeat(packings)}]`;
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    `<</Length ${stream.length}${filters}>>`,
  ];
  const parts: Buffer[] = [Buffer.from("%PDF-1.4\n")];
  const starts: number[] = [];
  const length = () => parts.reduce((sum, part) => sum + part.length, 0);
  for (const [index, object] of objects.entries()) {
    starts.push(length());
    parts.push(Buffer.from(`${index + 1} 0 obj\n${object}\n`));
    if (index === 4) parts.push(Buffer.from("stream\n"), stream, Buffer.from("\nendstream\n"));
    parts.push(Buffer.from("endobj\n"));
  }
  const table = starts.map((start) => `${String(start).padStart(10, "0")} 00000 n \n`).join("");
  const end = `xref\n0 6\n0000000000 65535 f \n${table}trailer\n<</Size 6/Root 1 0 R${trailer}>>\nstartxref\n${length()}\n%%EOF`;
  return Buffer.concat([...parts, Buffer.from(end)]);
}

/** What draws a line of text. */
export const drawn = (text: string): string => `BT /F1 12 Tf 10 100 Td (${text}) Tj ET`;
