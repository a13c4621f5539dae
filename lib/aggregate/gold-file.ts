import { InvalidInputError } from "../errors.ts";
import { type VoteArray, voteArray } from "./vote-array.ts";

/**
 * Gold labels by row, −1 where there is none. Either JSON, one label a row (`[0, -1, "spam", null, …]`, or an object whose
 * `labels` are that), or a CSV with the columns `row`, counted from 1, and `label`. A label is a class's name or index.
 *
 * @param text the file's content
 * @param file how to call it in errors
 * @param rows of the votes
 * @throws InvalidInputError naming row and label, on a row that has two different labels, too
 */
export function goldOf(
  text: string,
  file: string,
  { rows, classes }: { rows: number; classes: readonly string[] },
): VoteArray {
  const gold = voteArray(classes.length, rows).fill(-1);
  const isJson = /^\s*[[{]/.test(text);
  for (const { row, label } of isJson ? jsonLabels(text, file, rows) : csvLabels(text, file, rows)) {
    const found = classOf(label, classes);
    if (found === undefined) {
      throw new InvalidInputError(
        `${file}: row ${row + 1}`,
        `found the label ${JSON.stringify(label)}. Expected the name or the index of one of ${classes.length} classes.`,
      );
    }
    if (found === -1) continue;
    if (gold[row] >= 0 && gold[row] !== found) {
      throw new InvalidInputError(
        `${file}: row ${row + 1}`,
        `has the labels ${JSON.stringify(classes[gold[row]])} and ${JSON.stringify(classes[found])}. Gold has one label a row: decide which is right.`,
      );
    }
    gold[row] = found;
  }
  if (gold.every((label) => label < 0)) throw new InvalidInputError(file, "found no label in it.");
  return gold;
}

function classOf(label: unknown, classes: readonly string[]): number | undefined {
  if (label === null || label === -1 || label === "" || label === "-1") return -1;
  const byName = classes.indexOf(String(label));
  if (byName >= 0) return byName;
  const index = Number(label);
  return Number.isInteger(index) && index >= 0 && index < classes.length ? index : undefined;
}

function jsonLabels(text: string, file: string, rows: number): { row: number; label: unknown }[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError(file, "is no valid JSON.", { cause });
  }
  const labels = Array.isArray(content) ? content : (content as { labels?: unknown }).labels;
  if (!Array.isArray(labels) || labels.length !== rows) {
    throw new InvalidInputError(
      file,
      `expected a list of ${rows} labels, one a row of the votes, −1 where there is none.`,
    );
  }
  return labels.map((label: unknown, row) => ({ row, label }));
}

function csvLabels(text: string, file: string, rows: number): { row: number; label: string }[] {
  const [header, ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (header.trim().toLowerCase() !== "row,label") {
    throw new InvalidInputError(
      file,
      'expected the first line "row,label", or a JSON list with a label a row.',
    );
  }
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const comma = line.indexOf(",");
    const row = Number(line.slice(0, comma));
    if (comma < 1 || !Number.isInteger(row) || row < 1 || row > rows) {
      throw new InvalidInputError(
        `${file}: line ${index + 2}`,
        `found ${JSON.stringify(line.slice(0, 100))}. Expected a row of the votes, 1 to ${rows}, a comma and its label.`,
      );
    }
    return [
      {
        row: row - 1,
        label: line
          .slice(comma + 1)
          .trim()
          .replace(/^"(.*)"$/, "$1"),
      },
    ];
  });
}
