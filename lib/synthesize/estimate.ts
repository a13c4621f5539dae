import type { Hash } from "../contracts/names.ts";
import type { RecordedReply } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ModelRequest } from "../ports.ts";
import { type DirectLabeling, directLabeling } from "../prices/direct-labeling.ts";
import { type Prices, priceOf, usdOf } from "../prices/prices.ts";
import { requestHash } from "./ask.ts";
import { MOST_CALLS_AT_ONCE } from "./converse.ts";
import { knowledgeStrategies, plannedPrograms } from "./planned-programs.ts";
import { knowledgeRequest, type PromptColumn, programRequest } from "./prompts.ts";
import { translationRequest } from "./translate-programs.ts";

export interface Range {
  low: number;
  high: number;
}

/** What a run will ask and cost, before it does. */
export interface Estimate {
  model: string;
  /** Calls still to pay for; high counts one repair for every second program. */
  calls: Range;
  inputTokens: Range;
  outputTokens: Range;
  /** Null where the model's price is not known. */
  usd: Range | null;
  /** Most that the task may spend in all. */
  capUsd: number;
  /** First calls that are recorded already, and what they cost when they were made. */
  recorded: { calls: number; usd: number };
  seconds: Range;
  direct: (DirectLabeling & {
    /** From how many rows on programs are cheaper, at the high estimate; null where direct labeling costs nothing. */
    breakEvenRows: number | null;
  })[];
  prices: { asOf: string; source: string };
}

/** A usual reply, in tokens: a short program without, a long one with the thinking before it. */
const REPLY_TOKENS: Range = { low: 700, high: 6_000 };
const SECONDS_A_CALL: Range = { low: 5, high: 40 };

/**
 * Foresees what synthesis asks of the model.
 *
 * @param data rows and characters that programs will see, of all data files
 * @param recordings what the task's store holds, by request
 */
export function estimate(
  task: TaskFile,
  data: { rows: number; characters: number },
  {
    prices,
    columns,
    recordings,
  }: { prices: Prices; columns: PromptColumn[]; recordings: ReadonlyMap<Hash, RecordedReply> },
): Estimate {
  const planned = plannedPrograms(task.synthesis);
  const studies = knowledgeStrategies(planned).map((strategy) => ({
    strategy,
    request: knowledgeRequest(task, columns, strategy),
  }));
  const knowledge = new Map(
    studies.map(({ strategy, request }) => [strategy as string, recordings.get(requestHash(request))]),
  );
  const programs = planned.map((program) => {
    // A prompt with knowledge can be known, and found, only once that knowledge is recorded.
    const text = knowledge.get(program.strategy)?.reply.text ?? "x".repeat(4 * REPLY_TOKENS.low);
    return programRequest(task, columns, program, text);
  });
  const first = [...studies.map(({ request }) => request), ...programs];
  const found = first.flatMap((request) => recordings.get(requestHash(request)) ?? []);
  const open = first.filter((request) => !recordings.has(requestHash(request)));
  const openPrograms = programs.filter((request) => open.includes(request)).length;
  const repairs = Math.ceil(openPrograms / 2);
  const { language, translate } = task.synthesis;
  const translations = language === "python" && translate ? openPrograms : 0;

  const characters =
    open.reduce((sum, { messages }) => sum + charactersOf(messages), 0) +
    translations * charactersOf(translationRequest(task, "x".repeat(4 * REPLY_TOKENS.low)).messages);
  const calls = { low: open.length + translations, high: open.length + translations + repairs };
  const outputTokens = { low: calls.low * REPLY_TOKENS.low, high: calls.high * REPLY_TOKENS.high };
  const repairTokens = open.length === 0 ? 0 : repairs * (characters / open.length / 3 + REPLY_TOKENS.high);
  const inputTokens = {
    low: Math.ceil(characters / 4.5),
    high: Math.ceil(characters / 3.5 + repairTokens),
  };
  const price = priceOf(prices, task.synthesis.model);
  const usd = price
    ? {
        low: usdOf({ inputTokens: inputTokens.low, outputTokens: outputTokens.low }, price),
        high: usdOf({ inputTokens: inputTokens.high, outputTokens: outputTokens.high }, price),
      }
    : null;
  const paid = found.reduce((sum, { usd }) => sum + (usd ?? 0), 0);
  // Knowledge first, then programs, then repairs, then translations: waves that wait for each other.
  const waves =
    Math.ceil((open.length - openPrograms) / MOST_CALLS_AT_ONCE) +
    Math.ceil(openPrograms / MOST_CALLS_AT_ONCE) +
    Math.ceil(translations / MOST_CALLS_AT_ONCE);

  return {
    model: task.synthesis.model,
    calls,
    inputTokens,
    outputTokens,
    usd,
    capUsd: task.budget.usd,
    recorded: { calls: found.length, usd: paid },
    seconds: {
      low: waves * SECONDS_A_CALL.low,
      high: (waves + Math.ceil(repairs / MOST_CALLS_AT_ONCE)) * SECONDS_A_CALL.high,
    },
    direct: directLabeling(task, data, prices).map((direct) => ({
      ...direct,
      breakEvenRows: usd && direct.usd > 0 ? Math.ceil(((paid + usd.high) * data.rows) / direct.usd) : null,
    })),
    prices: { asOf: prices.asOf, source: prices.source },
  };
}

const charactersOf = (messages: ModelRequest["messages"]): number =>
  messages.reduce((sum, { content }) => sum + content.length, 0);
