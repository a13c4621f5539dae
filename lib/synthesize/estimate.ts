import type { Hash } from "../contracts/names.ts";
import type { RecordedReply } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ModelRequest } from "../ports.ts";
import { type Prices, priceOf, usdOf } from "../prices/prices.ts";
import { combined, type Expectation, expectedLength, type ReplyLengths } from "../prices/reply-lengths.ts";
import { requestHash } from "./ask.ts";
import { MOST_CALLS_AT_ONCE } from "./converse.ts";
import type { ForeseenConcepts } from "./foreseen-concepts.ts";
import { knowledgeStrategies, type PlannedProgram, plannedPrograms } from "./planned-programs.ts";
import { knowledgeRequest, type PromptColumn, programRequest } from "./prompts.ts";
import { translationRequest } from "./translate-programs.ts";

/** What synthesis will ask and cost, before it does. */
export interface SynthesisEstimate {
  calls: Expectation;
  inputTokens: Expectation;
  outputTokens: Expectation;
  /** Null where the model's price is not known. */
  usd: Expectation | null;
  /** First calls that are recorded already, and what they cost when they were made; null where that is not known. */
  recorded: { calls: number; usd: number | null };
  seconds: Expectation;
}

/** Tokens that a model writes in a second: an assumption, which no recording tells. */
const TOKENS_A_SECOND: Expectation = { low: 120, mean: 60, high: 25 };
/** Characters a token: the usual four, more and less in other scripts and code. */
const CHARACTERS_A_TOKEN: Expectation = { low: 4.5, mean: 4, high: 3.5 };

/**
 * Foresees what synthesis asks of the model.
 *
 * @param recordings what the task's store holds, by request
 * @param lengths of replies, where the task's own recordings are too few to tell
 */
export function estimateSynthesis(
  task: TaskFile,
  {
    prices,
    columns,
    recordings,
    lengths,
    concepts = { open: [], found: [] },
    planned = plannedPrograms(task.synthesis),
  }: {
    prices: Prices;
    columns: PromptColumn[];
    recordings: ReadonlyMap<Hash, RecordedReply>;
    lengths: ReplyLengths;
    /** Of image tasks. */
    concepts?: Pick<ForeseenConcepts, "open" | "found">;
    /** Where it is known which programs are asked for: of `strategies: auto`, when they were chosen. */
    planned?: PlannedProgram[];
  },
): SynthesisEstimate {
  const studies = knowledgeStrategies(planned).map((strategy) => ({
    strategy,
    request: knowledgeRequest(task, columns, strategy),
  }));
  const knowledge = new Map(
    studies.map(({ strategy, request }) => [strategy as string, recordings.get(requestHash(request))]),
  );
  const programs = planned.map((program) => {
    // A prompt with knowledge can be known, and found, only once that knowledge is recorded.
    const text = knowledge.get(program.strategy)?.reply.text ?? "x".repeat(4 * lengths.knowledge.mean);
    return programRequest(task, columns, program, text);
  });
  const found = (requests: ModelRequest[]) =>
    requests.flatMap((request) => recordings.get(requestHash(request)) ?? []);
  const open = (requests: ModelRequest[]) =>
    requests.filter((request) => !recordings.has(requestHash(request)));
  // Concepts are asked for one by one, and are about as long as other notes.
  const openNotes = open(studies.map(({ request }) => request));
  const openStudies = [...concepts.open, ...openNotes];
  const openPrograms = open(programs);
  const own = found(programs).map(({ reply }) => reply.usage.outputTokens);
  const ofProgram = expectedLength(own, lengths.program[task.modality === "text" ? "text" : "record"]);
  const repairs = combined((which) => openPrograms.length * lengths.repairsAProgram[which]);
  const { language, translate } = task.synthesis;
  const translations = language === "python" && translate ? openPrograms.length : 0;

  const charactersOf = (requests: ModelRequest[]) =>
    requests.reduce(
      (sum, { messages }) => sum + messages.reduce((all, one) => all + one.content.length, 0),
      0,
    );
  const ofPrograms = charactersOf(openPrograms);
  const aProgram = openPrograms.length > 0 ? ofPrograms / openPrograms.length : 0;
  const aTranslation = charactersOf([translationRequest(task, "")]);
  const inputTokens = combined((which) => {
    const asked = charactersOf(openStudies) + ofPrograms + translations * aTranslation;
    const first = asked / CHARACTERS_A_TOKEN[which] + translations * ofProgram[which];
    // A reply that is sent back goes with the prompt that it answered.
    return first + repairs[which] * (aProgram / CHARACTERS_A_TOKEN[which] + ofProgram[which]);
  }, Math.ceil);
  const outputTokens = combined(
    (which) =>
      openStudies.length * lengths.knowledge[which] +
      (openPrograms.length + repairs[which] + translations) * ofProgram[which],
    Math.ceil,
  );
  const price = priceOf(prices, task.synthesis.model);
  const recorded = [...concepts.found, ...found([...studies.map(({ request }) => request), ...programs])];
  const waves = (calls: number) => Math.ceil(calls / MOST_CALLS_AT_ONCE);
  return {
    calls: combined((which) => openStudies.length + openPrograms.length + repairs[which] + translations),
    inputTokens,
    outputTokens,
    usd: price
      ? combined((which) =>
          usdOf({ inputTokens: inputTokens[which], outputTokens: outputTokens[which] }, price),
        )
      : null,
    recorded: {
      calls: recorded.length,
      usd: recorded.some(({ usd }) => usd === null)
        ? null
        : recorded.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
    },
    // Knowledge first, then programs, then repairs, then translations: waves that wait for each other.
    seconds: combined(
      (which) =>
        ((concepts.open.length + waves(openNotes.length)) * lengths.knowledge[which] +
          (waves(openPrograms.length) + waves(repairs[which]) + waves(translations)) * ofProgram[which]) /
        TOKENS_A_SECOND[which],
      Math.ceil,
    ),
  };
}
