import { constants } from "node:buffer";
import { rename, rm, stat, writeFile } from "node:fs/promises";
import { goldOf } from "../aggregate/gold-file.ts";
import { readCsvVotes } from "../aggregate/vote-csv.ts";
import { type AggregatedRows, aggregateVotes, resultJson, summaryJson } from "../aggregate/vote-file.ts";
import { type VoteTable, voteTableOf } from "../aggregate/vote-table.ts";
import { classBalance } from "../contracts/class-balance.ts";
import type { LabelModelName } from "../contracts/label-models.ts";
import { InvalidInputError, StoreWriteError } from "../errors.ts";
import { aggregateLines } from "./aggregate-lines.ts";
import type { Io } from "./alchemist.ts";
import { labelsCsv } from "./labels-csv.ts";
import { textOf } from "./text-of.ts";
import { voteRecords } from "./vote-records.ts";

/** What `alchemist aggregate` takes beside the file. */
export interface AggregateOptions {
  model: LabelModelName;
  /** Where the result goes, to .csv or .tsv a label a row, else all of it as JSON; stdout gets the summary. */
  out?: string;
  json?: boolean;
  /** Class names of a CSV, comma-separated, in order. */
  classes?: string;
  /** A file of gold labels that may influence the fit. */
  gold?: string;
  /** `spam=0.2,ham=0.8`. */
  balance?: string;
  temperature?: number;
}

/** `alchemist aggregate`: the label model alone, on anybody's votes. */
export async function aggregateCommand(
  file: string,
  { model, out, json, classes, gold, balance, temperature }: AggregateOptions,
  { stdout }: Pick<Io, "stdout">,
): Promise<void> {
  const names = classes?.split(",").map((name) => name.trim());
  const table = await readVotes(file, names);
  const rows = table.columns[0].length;
  const result = aggregateVotes(table, model, {
    ...(temperature !== undefined && { temperature }),
    ...(balance !== undefined && { balance: classBalance(sharesOf(balance), table.classes, "--balance") }),
    ...(gold !== undefined && { gold: goldOf(await textOf(gold), gold, { rows, classes: table.classes }) }),
  });
  if (out !== undefined) await writeResult(textFor(out, result, table), out);
  if (!json) stdout.write(`${aggregateLines(file, result, out).join("\n")}\n`);
  else if (out !== undefined) stdout.write(`${summaryJson(result)}\n`);
  else for (const chunk of resultJson(result)) stdout.write(chunk);
}

/** `spam=0.2,ham=0.8` as a map. A name may hold an equals sign: the last one counts. */
function sharesOf(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(",").map((part) => {
      const at = part.lastIndexOf("=");
      const share = at < 0 ? Number.NaN : Number(part.slice(at + 1));
      if (Number.isNaN(share)) {
        throw new InvalidInputError(
          "--balance",
          `found ${JSON.stringify(part)}. Expected class=share,class=share.`,
        );
      }
      return [part.slice(0, at).trim(), share];
    }),
  );
}

async function readVotes(file: string, classes: string[] | undefined): Promise<VoteTable> {
  const found = await stat(file).catch((cause: Error) => {
    throw new InvalidInputError(file, `cannot be read: ${cause.message}.`, { cause });
  });
  if (!found.isFile()) throw new InvalidInputError(file, "is no file. Give a JSON or CSV file of votes.");
  if (/\.[ct]sv$/i.test(file)) {
    return readCsvVotes(voteRecords(file, delimiterOf(file)), file, classes).catch((cause: Error) => {
      if (cause instanceof InvalidInputError) throw cause;
      throw new InvalidInputError(file, `is no valid CSV: ${cause.message}.`, { cause });
    });
  }
  if (found.size > constants.MAX_STRING_LENGTH) {
    throw new InvalidInputError(
      file,
      `is larger than ${constants.MAX_STRING_LENGTH} bytes. Give the votes as CSV.`,
    );
  }
  const text = await textOf(file);
  return voteTableOf(parsedJson(text.replace(/^\uFEFF/, ""), file), file);
}

function parsedJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = "Note that JSON has no NaN; −1 abstains";
    throw new InvalidInputError(file, `is no valid JSON: ${reason}. ${remedy}.`, { cause });
  }
}

const delimiterOf = (file: string): "," | "\t" => (/\.tsv$/i.test(file) ? "\t" : ",");

function textFor(out: string, result: AggregatedRows, { columns }: VoteTable): Generator<string> {
  if (!/\.[ct]sv$/i.test(out)) return resultJson(result);
  const hasVote = Array<boolean>(result.patterns).fill(false);
  for (const column of columns) {
    for (let row = 0; row < column.length; row++)
      if (column[row] >= 0) hasVote[result.patternOfRow[row]] = true;
  }
  return labelsCsv(result, hasVote, delimiterOf(out));
}

/** Under another name until it is whole, so that a file with this name always is. */
async function writeResult(text: Generator<string>, out: string): Promise<void> {
  const partial = `${out}.partial`;
  try {
    await writeFile(partial, text);
    await rename(partial, out);
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined); // Where it cannot be made it is not there.
    throw new StoreWriteError(out, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
