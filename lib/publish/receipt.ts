import type { AggregateResult } from "../aggregate/aggregate-result.ts";
import { droppedPrograms, whyDropped } from "../aggregate/dropped.ts";
import { ABSTAIN } from "../contracts/columns.ts";
import { LEAST_ROWS_TO_CHOOSE } from "../contracts/gold.ts";
import type { RunFeatures } from "../contracts/model-card.ts";
import type { Hash } from "../contracts/names.ts";
import type { EndCounts, ModelCall, ProgramSet, Run, Source, Trained } from "../contracts/objects.ts";
import type { Drift, Receipt } from "../contracts/receipt.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { Verification } from "../contracts/verdict.ts";
import { directLabeling } from "../prices/direct-labeling.ts";
import type { Prices } from "../prices/prices.ts";
import { driftWarnings } from "./drift.ts";
import { silentPrograms } from "./silent-programs.ts";

/** Memory of a function with one vCPU, in GB: what a second of labeling is billed as. */
const LABEL_FUNCTION_GB = 1_769 / 1_024;

/** A run's receipt, from the objects that it left. */
export function receiptOf(
  {
    task,
    hash,
    run,
    source,
    verified,
    drift,
  }: {
    task: Pick<TaskFile, "name" | "description" | "classes"> & { synthesis: { model: string } };
    hash: Hash;
    run: Run;
    source: Source;
    verified: Verification;
    drift?: Drift;
  },
  set: ProgramSet,
  result: AggregateResult,
  prices: Prices,
  end?: { trained: Trained; counts?: EndCounts },
): Receipt {
  const { statistics, patterns } = result;
  const { labels, unlabeled } = labelCounts(result, end?.counts, verified);
  const dropped = droppedPrograms(statistics);
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
      byModel: verified.labels.length,
      unlabeled,
    },
    ...(run.features && { features: featuresOf(run.features) }),
    labelModel: {
      name: run.labelModel,
      patterns,
      ...(result.goldRows !== undefined && { goldRows: result.goldRows }),
    },
    ...(run.endModel &&
      end?.trained.isTrained && { endModel: endModelOf(run.endModel, end.trained, end.counts) }),
    programs: set.programs.map((program, index) => ({
      id: program.id,
      hash: program.hash,
      ...countsOf(result.programs[index].coverage, statistics.rows),
      ...result.programs[index],
      faults: statistics.programs[index].faults,
      firstFault: rowsOf(statistics.programs[index].first, source),
      dropped: dropped[index],
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
      ...(end && { trainSeconds: end.trained.seconds }),
    },
    // A model is not shown pictures.
    directLabeling: (run.features ? [] : directLabeling(task, source, prices)).map(
      ({ model, inputTokens, outputTokens, usd: direct }) => ({
        model,
        inputTokens,
        outputTokens,
        usd: direct,
        breakEvenRows: spent === 0 || direct === 0 ? null : Math.ceil((spent * source.rows) / direct),
      }),
    ),
    ...(set.choice && { strategies: set.choice }),
    verdict: verified.verdict,
    residual: verified.routed,
    ...(drift && { drift }),
    warnings: [
      ...run.notes,
      ...driftWarnings(drift),
      ...rowWarnings(source),
      ...faultWarnings(set, result),
      ...silentPrograms(
        set.programs.filter((_, index) => result.programs[index].coverage === 0 && !dropped[index]),
        statistics.rows,
      ),
      ...result.warnings,
      ...trainingWarnings(end?.trained),
      ...choiceWarnings(run, end?.trained),
      ...verified.verdict.warnings,
    ],
  };
}

/** Rows by label, and rows without one, when end model and language model have labeled theirs. */
function labelCounts(
  { labels, statistics }: AggregateResult,
  end: EndCounts | undefined,
  { labels: routed }: Verification,
) {
  const counts = [...(end?.labels ?? labels)];
  let unlabeled = statistics.rows - statistics.covered - (end?.alone ?? 0);
  for (const [, , before, given] of routed) {
    if (before === ABSTAIN) unlabeled -= 1;
    else counts[before] -= 1;
    counts[given] += 1;
  }
  return { labels: counts, unlabeled };
}
const endModelOf = (
  name: string,
  { rows, heldOut, agreement, choice }: Trained,
  { alone, changed }: Pick<EndCounts, "alone" | "changed"> = { alone: 0, changed: 0 },
): Receipt["endModel"] => ({
  name,
  trainedOn: rows,
  heldOut,
  agreement,
  alone,
  changed,
  ...(choice && { choice }),
});

/** What the end model leaves to be desired, as far as that can be seen without gold. */
const trainingWarnings = (trained: Trained | undefined): Receipt["warnings"] =>
  trained && !trained.isTrained
    ? [
        {
          code: "no-end-model",
          message: `No end model was trained: programs labeled only ${trained.rows} rows, or all of them alike.`,
          remedy: "Add programs that vote on more rows and on every class.",
        },
      ]
    : [];

/** What keeps gold from choosing. */
function choiceWarnings({ gold, file }: Run, trained: Trained | undefined): Receipt["warnings"] {
  const { choice } = trained ?? {};
  if (!gold || !choice || choice.rows >= LEAST_ROWS_TO_CHOOSE) return [];
  return [
    {
      code: "gold-too-few",
      message: `${gold.file} has labels of ${choice.rows} rows of ${file} that programs vote on, and it takes ${LEAST_ROWS_TO_CHOOSE} to choose between label model and end model: both label together.`,
      remedy: "Label more rows, chosen by chance, or take choose out of gold.",
    },
  ];
}

/** A coverage is a number of votes by the number of rows, so the votes are whole again. */
function countsOf(coverage: number, rows: number): { votes: number; abstentions: number } {
  const votes = Math.round(coverage * rows);
  return { votes, abstentions: rows - votes };
}

/** Places in shards as rows of the data file, counted from 1. */
function rowsOf(
  first: AggregateResult["statistics"]["programs"][number]["first"],
  { shards }: Source,
): Receipt["programs"][number]["firstFault"] {
  const before = (shard: number) => shards.slice(0, shard).reduce((sum, { rows }) => sum + rows, 0);
  return Object.fromEntries(
    Object.entries(first).map(([reason, { shard, row }]) => [reason, before(shard) + row + 1]),
  );
}
const featuresOf = ({ model: { name, kind, hash, logitScale }, concepts }: RunFeatures) => ({
  model: { name, kind, hash, logitScale },
  concepts,
});

function rowWarnings({ duplicateIds, missingIds, rejected, rows }: Source): Receipt["warnings"] {
  const warnings: Receipt["warnings"] = [];
  const refused = Object.values(rejected).reduce((count, problem) => count + problem.rows, 0);
  if (refused > 0) {
    warnings.push({
      code: "rejected-rows",
      message: `Rows that could not be used: ${refused} of ${rows + refused}.`,
      remedy: "They are listed with line and reason in rejected.jsonl; mend them and label the file again.",
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
  const warnings: Receipt["warnings"] = rejected.map(({ id, reason, origin }) => ({
    code: "program-rejected",
    message: `The program ${id} did not join: ${reason}.`,
    remedy:
      origin.kind === "file"
        ? `Mend programs/${origin.file} and run again; docs/programs.md has a remedy for each reason.`
        : "Its source and reason are kept with the other programs.",
  }));
  programs.forEach(({ id }, index) => {
    const { faults } = statistics.programs[index];
    const why = whyDropped(statistics.programs[index], statistics.rows);
    if (why !== undefined) {
      warnings.push({
        code: "program-dropped",
        message: `None of the votes of the program ${id} counts: ${why}.`,
        remedy: "Read it, mend it, and put it into programs/, or ask for another.",
      });
      return;
    }
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
