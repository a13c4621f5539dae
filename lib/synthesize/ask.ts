import { hashOfJson } from "../contracts/hash.ts";
import { keys } from "../contracts/keys.ts";
import type { Hash } from "../contracts/names.ts";
import { type ModelCall, parsed, RecordedReply } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ModelRequest, Ports } from "../ports.ts";
import { type Prices, PriceUnknownError, priceOf, usdOf } from "../prices/prices.ts";
import { embeddingReply } from "./embeddings.ts";
import { type Drawer, moneyBox, taskReplies } from "./money-box.ts";

export type Purpose =
  | "concepts"
  | "embedding"
  | "knowledge"
  | "program"
  | "repair"
  | "translation"
  | "verify"
  | "residual";

/** A reply with its recording, and whether it was found rather than paid for. */
export interface Answer {
  recording: RecordedReply;
  call: ModelCall;
  replayed: boolean;
}

export type Ask = (purpose: Purpose, request: ModelRequest) => Promise<Answer>;

/** Name of a request's recording: a hash of its fields in fixed order. */
export const requestHash = (request: ModelRequest): Hash => hashOfJson(inFixedOrder(request));

/**
 * Asks the model once for each request: a recording is replayed, anything else is paid for within the
 * task's cap and recorded before it is used.
 *
 * @returns ask, which throws BudgetExceededError, PriceUnknownError or ModelError
 */
export function asker(
  { task, prices, note }: { task: Pick<TaskFile, "name" | "budget">; prices: Prices; note?: string },
  { store, model, now }: Pick<Ports, "store" | "model" | "now">,
  drawer: Drawer = taskReplies,
): Ask {
  const box = moneyBox(task, store, drawer);

  const live = async (purpose: Purpose, request: ModelRequest, hash: Hash): Promise<RecordedReply> => {
    const price = priceOf(prices, request.model);
    if (price === undefined) throw new PriceUnknownError(request.model, prices);
    return box.spend(request.model, usdOf(mostTokens(request), price), async () => {
      const reply =
        purpose === "embedding" ? await embeddingReply(request, model) : await model.complete(request);
      const recording: RecordedReply = {
        request: inFixedOrder(request),
        reply,
        usd: usdOf(reply.usage, price),
        recorded: now().toISOString(),
        ...(note === undefined ? {} : { note }),
      };
      await store.put(drawer.reply(task.name, hash), `${JSON.stringify(recording, null, 2)}\n`);
      return recording;
    });
  };

  return async (purpose, request) => {
    const hash = requestHash(request);
    const found =
      (await store.find(drawer.reply(task.name, hash))) ??
      (await store.find(keys.shippedReply(task.name, hash)));
    const recording = found
      ? parsed(RecordedReply, found, `The recording ${hash}`)
      : await live(purpose, request, hash);
    return { recording, call: callOf(purpose, hash, recording), replayed: found !== undefined };
  };
}

const inFixedOrder = ({ model, messages, temperature, seed, maxTokens }: ModelRequest): ModelRequest => ({
  model,
  messages: messages.map(({ role, content }) => ({ role, content })),
  temperature,
  seed,
  maxTokens,
});

/** The most that a call can use, counted so that no language of the prompt has more tokens: three bytes of UTF-8 each. */
const mostTokens = ({ messages, maxTokens }: Pick<ModelRequest, "messages" | "maxTokens">) => ({
  inputTokens: Math.ceil(messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0) / 3),
  outputTokens: maxTokens,
});

/** A reply as the receipt lists it. */
export const callOf = (
  purpose: Purpose,
  request: Hash,
  { reply, usd, recorded, note }: RecordedReply,
): ModelCall => ({
  purpose,
  model: reply.model,
  request,
  ...reply.usage,
  usd,
  recorded,
  ...(note === undefined ? {} : { note }),
});
