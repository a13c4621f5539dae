import { createReadStream, createWriteStream, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse";

/**
 * The least that labeling can be: reads a CSV, calls every program in this very process, takes the majority, and
 * writes the input's columns with the label, its share and a probability a class. No sandbox, no resume, no model.
 */
const [folder] = process.argv.slice(2);
const classes = ["positive", "negative"];
const programs = readdirSync(join(folder, "programs")).map(
  (file) =>
    new Function(`${readFileSync(join(folder, "programs", file), "utf8")}\nreturn label;`)() as (row: {
      text: string;
    }) => unknown,
);
const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const out = createWriteStream(join(folder, "bare.csv"));
out.write(
  "id,text,pseudolabel,pseudolabel_confidence,pseudolabel_source,pseudolabel_p_positive,pseudolabel_p_negative\n",
);
let lines = "";
for await (const [id, text] of createReadStream(join(folder, "data", "rows.csv")).pipe(
  parse({ from_line: 2 }),
)) {
  const votes = [0, 0];
  for (const program of programs) {
    const found = classes.indexOf(program({ text }) as string);
    if (found !== -1) votes[found] += 1;
  }
  const total = votes[0] + votes[1];
  const winner = votes[0] >= votes[1] ? 0 : 1;
  const shares = votes.map((count) => (total > 0 ? count / total : 0.5));
  lines += `${quoted(id)},${quoted(text)},${total > 0 ? classes[winner] : ""},${total > 0 ? shares[winner] : ""},programs,${shares[0]},${shares[1]}\n`;
  if (lines.length > 1 << 20) {
    if (!out.write(lines)) await new Promise<void>((resolve) => out.once("drain", () => resolve()));
    lines = "";
  }
}
out.write(lines);
await new Promise<void>((resolve) => out.end(() => resolve()));
