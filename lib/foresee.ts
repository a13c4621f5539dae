import type { Hash } from "./contracts/names.ts";
import type { RecordedReply } from "./contracts/objects.ts";
import type { TaskFile } from "./contracts/task-file.ts";
import { type DirectLabeling, directLabeling } from "./prices/direct-labeling.ts";
import { type Prices, priceOf, usdOf } from "./prices/prices.ts";
import { combined, type Expectation, type ReplyLengths } from "./prices/reply-lengths.ts";
import { estimateSynthesis, type SynthesisEstimate } from "./synthesize/estimate.ts";
import type { ForeseenConcepts } from "./synthesize/foreseen-concepts.ts";
import type { ForeseenMaterial } from "./synthesize/foreseen-material.ts";
import type { PlannedProgram } from "./synthesize/planned-programs.ts";
import type { PromptColumn } from "./synthesize/prompts.ts";
import { MOST_ROWS } from "./synthesize/try-strategies.ts";
import { foreseenLabels, labelCallsIn, type ShownRows } from "./verify/foresee.ts";

/** What a run will ask and cost, before it does. */
export interface Estimate {
  model: string;
  synthesis: SynthesisEstimate;
  /** The sample that judges the programs; `calls` are those still to pay for. */
  verify: { model: string; rows: number; calls: number; recordedCalls: number; usd: Expectation | null };
  /** Rows that a model labels in the programs' place, for at most so much. */
  residual: { model: string; capUsd: number; usd: Expectation | null } | null;
  /** Of all of these; null where a price is not known. */
  usd: Expectation | null;
  /** Most that programs and sample may cost in all. */
  capUsd: number;
  direct: (DirectLabeling & {
    /** From how many rows on programs are cheaper, as expected; null where that cannot be said. */
    breakEvenRows: number | null;
  })[];
  prices: { asOf: string; source: string };
  lengths: { asOf: string; source: string };
}

/**
 * Foresees all that a run asks of models.
 *
 * @param data of all data files together
 * @param recordings what the task's store holds, by request
 */
export function foresee(
  task: TaskFile,
  data: ShownRows & { characters: number },
  known: {
    prices: Prices;
    columns: PromptColumn[];
    recordings: ReadonlyMap<Hash, RecordedReply>;
    lengths: ReplyLengths;
    /** Of image tasks. */
    concepts?: Pick<ForeseenConcepts, "open" | "found">;
    /** Of tasks whose prompts show documents or rows. */
    material?: ForeseenMaterial;
    /** Of `strategies: auto`, when they were chosen. */
    planned?: PlannedProgram[];
  },
): Estimate {
  const { prices, recordings, lengths } = known;
  const synthesis = estimateSynthesis(task, known);
  const verify = foreseenVerify(task, data, known);
  const residual = task.residual ? foreseenResidual(task.residual, task, data, known) : null;
  const parts = [synthesis.usd, verify.usd, ...(residual ? [residual.usd] : [])];
  const usd = parts.includes(null)
    ? null
    : combined((which) => parts.reduce((sum, part) => sum + (part?.[which] ?? 0), 0));
  const programs =
    synthesis.usd && synthesis.recorded.usd !== null && synthesis.usd.mean + synthesis.recorded.usd;
  return {
    model: task.synthesis.model,
    synthesis,
    verify: { ...verify, recordedCalls: labelCallsIn(recordings.values(), task.verify.model) },
    residual,
    usd,
    capUsd: task.budget.usd,
    // A model is not shown pictures.
    direct: (task.modality === "image" ? [] : directLabeling(task, data, prices)).map((direct) => ({
      ...direct,
      breakEvenRows: programs && direct.usd > 0 ? Math.ceil((programs * data.rows) / direct.usd) : null,
    })),
    prices: { asOf: prices.asOf, source: prices.source },
    lengths: { asOf: lengths.asOf, source: lengths.source },
  };
}

type Known = Parameters<typeof foresee>[2];

function foreseenVerify(task: TaskFile, data: ShownRows, { prices, recordings, lengths }: Known) {
  const { model, by } = task.verify;
  const rows = Math.min(task.verify.rows, data.rows);
  const asked = by === "model" ? rows : task.synthesis.strategies === "auto" ? Math.min(rows, MOST_ROWS) : 0;
  const all = foreseenLabels(asked, task, data, lengths);
  // Which rows are drawn is known when the data is split; as many calls as are recorded count as paid.
  const calls = Math.max(0, all.calls - labelCallsIn(recordings.values(), model));
  const open = all.calls === 0 ? 0 : calls / all.calls;
  const price = priceOf(prices, model);
  const usdAt = (which: keyof Expectation) =>
    price ? open * usdOf({ inputTokens: all.inputTokens, outputTokens: all.outputTokens[which] }, price) : 0;
  return { model, rows, calls, usd: price || calls === 0 ? combined(usdAt) : null };
}

/** Uncertain rows are known when programs have voted: at most all are sent, and at most the cap is spent. */
function foreseenResidual(
  { model, usd: capUsd }: NonNullable<TaskFile["residual"]>,
  task: TaskFile,
  data: ShownRows,
  { prices, lengths }: Known,
): NonNullable<Estimate["residual"]> {
  const price = priceOf(prices, model);
  if (price === undefined) return { model, capUsd, usd: null };
  const all = foreseenLabels(data.rows, task, data, lengths);
  const most = usdOf({ inputTokens: all.inputTokens, outputTokens: all.outputTokens.mean }, price);
  const high = Math.min(capUsd, most);
  return { model, capUsd, usd: { low: 0, mean: high, high } };
}
