import type { Hash } from "../contracts/names.ts";
import type { RecordedReply } from "../contracts/objects.ts";
import { seesPixels } from "../contracts/pixels.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ModelRequest } from "../ports.ts";
import { type Price, type Prices, priceOf, usdOf } from "../prices/prices.ts";
import { combined, type Expectation, expectedLength, type ReplyLengths } from "../prices/reply-lengths.ts";
import { requestHash } from "./ask.ts";
import { MOST_CALLS_AT_ONCE } from "./converse.ts";
import type { ForeseenConcepts } from "./foreseen-concepts.ts";
import type { ForeseenMaterial } from "./foreseen-material.ts";
import { taskFor } from "./pixel-prompts.ts";
import { knowledgeStrategies, type PlannedProgram, plannedPrograms } from "./planned-programs.ts";
import { knowledgeRequest, type PromptColumn, programRequest } from "./prompts.ts";
import { translationRequest } from "./translate-programs.ts";

interface Asked {
  calls: Expectation;
  inputTokens: Expectation;
  outputTokens: Expectation;
  /** Null where the model's price is not known. */
  usd: Expectation | null;
}

/** What is asked of one model. */
interface EstimatedPart extends Asked {
  model: string;
}

/** What synthesis will ask and cost, before it does. */
export interface SynthesisEstimate extends Asked {
  /** Which model is asked for what. */
  parts: Record<"programs" | "knowledge" | "embeddings", EstimatedPart>;
  /** First calls that are recorded already, and what they cost when they were made; null where that is not known. */
  recorded: { calls: number; usd: number | null };
  seconds: Expectation;
}

/** Tokens that a model writes in a second: an assumption, which no recording tells. */
const TOKENS_A_SECOND: Expectation = { low: 120, mean: 60, high: 25 };
/** Characters a token: the usual four, more and less in other scripts and code. */
const CHARACTERS_A_TOKEN: Expectation = { low: 4.5, mean: 4, high: 3.5 };

/** What decides how long a program is. */
const writtenOver = (task: TaskFile): keyof ReplyLengths["program"] =>
  seesPixels(task) ? "pixels" : task.modality === "text" ? "text" : "record";

const charactersOf = (requests: readonly ModelRequest[]): number =>
  requests.reduce((sum, { messages }) => sum + messages.reduce((all, one) => all + one.content.length, 0), 0);

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
    material = { shown: {}, open: [], found: [] },
    planned = plannedPrograms(task.synthesis),
  }: {
    prices: Prices;
    columns: PromptColumn[];
    recordings: ReadonlyMap<Hash, RecordedReply>;
    lengths: ReplyLengths;
    /** Of image tasks. */
    concepts?: Pick<ForeseenConcepts, "open" | "found">;
    /** Of tasks whose prompts show documents or rows. */
    material?: ForeseenMaterial;
    /** Where it is known which programs are asked for: of `strategies: auto`, when they were chosen. */
    planned?: PlannedProgram[];
  },
): SynthesisEstimate {
  const { shown } = material;
  const studies = knowledgeStrategies(planned).map((strategy) => ({
    strategy,
    request: knowledgeRequest(task, columns, strategy, shown),
  }));
  const knowledge = new Map(
    studies.map(({ strategy, request }) => [strategy as string, recordings.get(requestHash(request))]),
  );
  const programs = planned.map((program) => {
    // A prompt with knowledge can be known, and found, only once that knowledge is recorded.
    const text = knowledge.get(program.strategy)?.reply.text ?? "x".repeat(4 * lengths.knowledge.mean);
    return programRequest(task, columns, program, text, shown);
  });
  const found = (requests: ModelRequest[]) =>
    requests.flatMap((request) => recordings.get(requestHash(request)) ?? []);
  const isOpen = (request: ModelRequest) => !recordings.has(requestHash(request));
  const openNotes = studies.map(({ request }) => request).filter(isOpen);
  const openPrograms = programs.filter(isOpen);
  const kindAt = (index: number) => writtenOver(taskFor(planned[index].strategy, task));
  const byKind = [...Map.groupBy(programs, (_, index) => kindAt(index))].map(([kind, requests]) => ({
    share: requests.filter(isOpen).length / Math.max(1, openPrograms.length),
    length: expectedLength(
      found(requests).map(({ reply }) => reply.usage.outputTokens),
      lengths.program[kind],
    ),
  }));
  const ofProgram = combined((which) =>
    byKind.reduce((sum, { share, length }) => sum + share * length[which], 0),
  );
  const repairs = combined((which) => openPrograms.length * lengths.repairsAProgram[which]);
  const { language, translate } = task.synthesis;
  const translations = language === "python" && translate ? openPrograms.length : 0;

  const partOf = (asked: string, tokens: Omit<EstimatedPart, "model" | "usd">): EstimatedPart => {
    const { inputTokens, outputTokens } = tokens;
    const usdAt = (price: Price) =>
      combined((which) =>
        usdOf({ inputTokens: inputTokens[which], outputTokens: outputTokens[which] }, price),
      );
    const price = priceOf(prices, asked);
    return { model: asked, ...tokens, usd: price ? usdAt(price) : null };
  };
  const ofPrograms = charactersOf(openPrograms);
  const aProgram = openPrograms.length > 0 ? ofPrograms / openPrograms.length : 0;
  const aTranslation = charactersOf([translationRequest(task, "")]);
  // Each part at its model's price: programs, with an image task's concepts; other notes; embeddings.
  const { model, knowledgeModel = model, embeddingModel = "" } = task.synthesis;
  const parts = {
    programs: partOf(model, {
      calls: combined((which) => concepts.open.length + openPrograms.length + repairs[which] + translations),
      inputTokens: combined((which) => {
        const asked = charactersOf(concepts.open) + ofPrograms + translations * aTranslation;
        const first = asked / CHARACTERS_A_TOKEN[which] + translations * ofProgram[which];
        // A reply that is sent back goes with the prompt that it answered.
        return first + repairs[which] * (aProgram / CHARACTERS_A_TOKEN[which] + ofProgram[which]);
      }),
      outputTokens: combined(
        (which) =>
          concepts.open.length * lengths.knowledge[which] +
          (openPrograms.length + repairs[which] + translations) * ofProgram[which],
      ),
    }),
    knowledge: partOf(knowledgeModel, {
      calls: combined(() => openNotes.length),
      inputTokens: combined((which) => charactersOf(openNotes) / CHARACTERS_A_TOKEN[which]),
      outputTokens: combined((which) => openNotes.length * lengths.knowledge[which]),
    }),
    embeddings: partOf(embeddingModel, {
      calls: combined(() => material.open.length),
      inputTokens: combined((which) => charactersOf(material.open) / CHARACTERS_A_TOKEN[which]),
      outputTokens: combined(() => 0),
    }),
  };
  const sum = (of: (part: EstimatedPart, which: keyof Expectation) => number, round?: typeof Math.ceil) =>
    combined((which) => Object.values(parts).reduce((all, part) => all + of(part, which), 0), round);
  const asked = Object.values(parts).filter((part) => part === parts.programs || part.calls.high > 0);
  const recorded = [
    ...concepts.found,
    ...material.found,
    ...found([...studies.map(({ request }) => request), ...programs]),
  ];
  const waves = (calls: number) => Math.ceil(calls / MOST_CALLS_AT_ONCE);
  return {
    calls: sum(({ calls }, which) => calls[which]),
    inputTokens: sum(({ inputTokens }, which) => inputTokens[which], Math.ceil),
    outputTokens: sum(({ outputTokens }, which) => outputTokens[which], Math.ceil),
    usd: asked.some(({ usd }) => usd === null) ? null : sum(({ usd }, which) => usd?.[which] ?? 0),
    parts,
    recorded: {
      calls: recorded.length,
      usd: recorded.some(({ usd }) => usd === null)
        ? null
        : recorded.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
    },
    // Concepts one by one, and about as long as other notes; then knowledge, programs, repairs and translations: waves that
    // wait for each other.
    seconds: combined(
      (which) =>
        ((concepts.open.length + waves(openNotes.length)) * lengths.knowledge[which] +
          (waves(openPrograms.length) + waves(repairs[which]) + waves(translations)) * ofProgram[which]) /
        TOKENS_A_SECOND[which],
      Math.ceil,
    ),
  };
}
