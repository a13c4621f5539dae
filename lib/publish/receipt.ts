import type { AggregateResult } from "../aggregate/aggregate-result.ts";
import { droppedPrograms } from "../aggregate/dropped.ts";
import { ABSTAIN } from "../contracts/columns.ts";
import type { RunFeatures } from "../contracts/model-card.ts";
import type { Hash } from "../contracts/names.ts";
import type { EndCounts, ModelCall, ProgramSet, Run, Source, Trained } from "../contracts/objects.ts";
import type { Drift, Receipt } from "../contracts/receipt.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { Verification } from "../contracts/verdict.ts";
import { directLabeling } from "../prices/direct-labeling.ts";
import type { Prices } from "../prices/prices.ts";
import { receiptWarnings } from "./receipt-warnings.ts";

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
    warnings: receiptWarnings({ run, source, set, result, trained: end?.trained, drift, verified }),
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
const featuresOf = ({ model: { name, kind, hash, logitScale }, concepts, pixels }: RunFeatures) => ({
  model: { name, kind, hash, logitScale },
  concepts,
  ...(pixels && { pixels: pixels.kind }),
});

const sum = (calls: readonly ModelCall[], of: (call: ModelCall) => number): number =>
  calls.reduce((total, call) => total + of(call), 0);

const sumOrNull = (values: readonly (number | null)[]): number | null =>
  values.includes(null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);
