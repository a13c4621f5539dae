import { type Column, packColumns } from "../contracts/columns.ts";
import { PIXELS, seesPixels } from "../contracts/pixels.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { bothProbes } from "./both-probes.ts";
import { imageProbes } from "./image-probes.ts";
import { pixelProbes } from "./pixel-probes.ts";
import type { PromptColumn } from "./prompts.ts";

const LONG = 20_000;

const TEXTS = [
  "",
  " ",
  "\n\n\n",
  "a",
  "Hello",
  "Dear all, thank you for the 3 reports; I will call you on Monday at 10:30. Best regards, Ann",
  "BUY NOW!!! 100% free >>> http://example.com/?a=1&b=2 $99.99 <b>bold</b> &amp;",
  "0123456789 -1.5e9 NaN null undefined true",
  "naïve Straße İstanbul 😀👩‍👩‍👧 \u202Eright to left\u202C e\u0301 \u0000 \uFFFD \uFEFF مرحبا 你好 ภาษาไทย",
  "a".repeat(LONG),
  "So it goes, again and again. ".repeat(LONG / 25).slice(0, LONG),
  "\n> ".repeat(LONG / 3),
];

const VALUES = [
  null,
  0,
  -1,
  0.5,
  1,
  42,
  180,
  5_000,
  1e12,
  -1e12,
  1e-12,
  "",
  "Hello",
  "12,5 %",
  "naïve 😀 \u0000",
  "a".repeat(1_000),
];

/** Rows that every program must bear, with the task's own words among them and none of its data. */
export function probeRows(
  task: Pick<TaskFile, "modality" | "features" | "description" | "classes">,
  columns: readonly PromptColumn[],
): { columns: Uint8Array; rows: number } {
  const { modality, description, classes } = task;
  if (seesPixels(task)) return pixelProbes();
  if (modality === "image") {
    const concepts = columns[0].concepts ?? [];
    return columns.some(({ name }) => name === PIXELS) ? bothProbes(concepts) : imageProbes(concepts);
  }
  const words = classes.slice(0, 20).map((one) => `${one.name}: ${one.description}`);
  const texts = [...TEXTS, description, ...words];
  // All columns alike, one row a value; then each column another value.
  const rows = modality === "text" ? texts.length : 2 * VALUES.length;
  const valueAt = (row: number, column: number) =>
    VALUES[(row < VALUES.length ? row : row + column + 1) % VALUES.length];

  const packed: Column[] = columns.map(({ name }, column) => ({
    name,
    kind: "json",
    values: Array.from({ length: rows }, (_, row) => JSON.stringify(valueAt(row, column))),
  }));
  if (modality === "text") packed.unshift({ name: "text", kind: "text", values: texts });
  return { columns: packColumns(packed, rows), rows };
}
