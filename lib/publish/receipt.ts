import type { AggregateResult } from "../aggregate/aggregate-result.ts";
import type { Hash } from "../contracts/names.ts";
import type { ModelCall, ProgramSet, Run, Source } from "../contracts/objects.ts";
import type { Drift, Receipt } from "../contracts/receipt.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { directLabeling } from "../prices/direct-labeling.ts";
import type { Prices } from "../prices/prices.ts";
import { driftWarnings } from "./drift.ts";

/** Memory of a function with one vCPU, in GB: what a second of labeling is billed as. */
const LABEL_FUNCTION_GB = 1_769 / 1_024;

/** A run's receipt, from the objects that it left. */
export function receiptOf(
  {
    task,
    hash,
    run,
    source,
  }: {
    task: Pick<TaskFile, "name" | "description" | "classes"> & { synthesis: { model: string } };
    hash: Hash;
    run: Run;
    source: Source;
  },
  set: ProgramSet,
  result: AggregateResult,
  prices: Prices,
  drift?: Drift,
): Receipt {
  const { statistics, labels, patterns } = result;
  const usd = sumOrNull(set.calls.map((call) => call.usd));
  const spent = usd ?? 0;
  return {
    task: task.name,
    run: hash,
    data: {
      file: run.file,
      bytes: source.bytes,
      rows: source.rows,
      rejected: source.rejected,
      duplicateIds: source.duplicateIds,
      missingIds: source.missingIds,
    },
    labels: {
      format: run.outputFormat,
      parts: source.shards.length,
      covered: statistics.covered,
      coverage: statistics.covered / statistics.rows,
      classes: Object.fromEntries(run.classes.map((name, index) => [name, labels[index]])),
      unlabeled: statistics.rows - statistics.covered,
    },
    labelModel: { name: run.labelModel, patterns },
    programs: set.programs.map((program, index) => ({
      id: program.id,
      hash: program.hash,
      ...result.programs[index],
      faults: statistics.programs[index].faults,
      cpuSeconds: statistics.programs[index].cpuMs / 1_000,
    })),
    languageModel: {
      calls: set.calls,
      inputTokens: sum(set.calls, ({ inputTokens }) => inputTokens),
      outputTokens: sum(set.calls, ({ outputTokens }) => outputTokens),
      estimated: set.calls.some(({ estimated }) => estimated),
      usd,
      prices: { asOf: prices.asOf, source: prices.source },
    },
    compute: {
      votesComputed: statistics.computed,
      votesReused: statistics.reused,
      labelSeconds: statistics.seconds,
      gbSeconds: statistics.seconds * LABEL_FUNCTION_GB,
    },
    directLabeling: directLabeling(task, source, prices).map(
      ({ model, inputTokens, outputTokens, usd: direct }) => ({
        model,
        inputTokens,
        outputTokens,
        usd: direct,
        breakEvenRows: spent === 0 || direct === 0 ? null : Math.ceil((spent * source.rows) / direct),
      }),
    ),
    ...(drift && { drift }),
    warnings: [
      ...run.notes,
      ...driftWarnings(drift),
      ...rowWarnings(source),
      ...faultWarnings(set, result),
      ...result.warnings,
    ],
  };
}

function rowWarnings({ duplicateIds, missingIds, rejected, rows }: Source): Receipt["warnings"] {
  const warnings: Receipt["warnings"] = [];
  const refused = Object.values(rejected).reduce((count, problem) => count + problem.rows, 0);
  if (refused > 0) {
    warnings.push({
      code: "rejected-rows",
      message: `Rows that could not be used: ${refused} of ${rows + refused}.`,
      remedy: "They are listed with line and reason in rejected.jsonl; mend them and drop the file again.",
    });
  }
  if (duplicateIds.rows > 0) {
    warnings.push({
      code: "duplicate-ids",
      message: `Rows that repeat an earlier id: ${duplicateIds.rows}, the first on line ${duplicateIds.lines[0]}.`,
      remedy: "Every row is labeled all the same; join labels by position, or make the ids unique.",
    });
  }
  if (missingIds.rows > 0) {
    warnings.push({
      code: "missing-ids",
      message: `Rows without an id: ${missingIds.rows}, the first on line ${missingIds.lines[0]}.`,
      remedy: "They are labeled all the same, and are known by their line.",
    });
  }
  return warnings;
}

function faultWarnings(
  { programs, rejected }: ProgramSet,
  { statistics }: AggregateResult,
): Receipt["warnings"] {
  const warnings: Receipt["warnings"] = rejected.map(({ id, reason }) => ({
    code: "program-rejected",
    message: `The program ${id} did not join: ${reason}.`,
    remedy: "Its source and reason are kept with the other programs.",
  }));
  programs.forEach(({ id }, index) => {
    const { faults } = statistics.programs[index];
    const rows = Object.values(faults).reduce((count, found) => count + found, 0);
    if (rows <= 0.01 * statistics.rows) return;
    const reasons = Object.entries(faults).filter(([, count]) => count > 0);
    warnings.push({
      code: "program-faults",
      message: `The program ${id} failed on rows: ${rows} (${reasons.map(([reason, count]) => `${reason} ${count}`).join(", ")}) and abstained there.`,
      remedy: "Read it, mend it, and put it into programs/, or ask for another.",
    });
  });
  return warnings;
}

const sum = (calls: readonly ModelCall[], of: (call: ModelCall) => number): number =>
  calls.reduce((total, call) => total + of(call), 0);

const sumOrNull = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);
