import { ABSTAIN } from "../contracts/columns.ts";
import type { ModelCall } from "../contracts/objects.ts";
import { AlchemistError, RefusedError } from "../errors.ts";
import { inParallel } from "../in-parallel.ts";
import type { Ask } from "../synthesize/ask.ts";
import { converse, MOST_CALLS_AT_ONCE } from "../synthesize/converse.ts";
import { batchesOf, type DirectTask, directRequest } from "./direct-prompt.ts";
import { readLabels } from "./read-labels.ts";

/** What a model said of rows. */
export interface DirectLabels {
  /** [rows], a class, or ABSTAIN where it gave none; undefined where it was not asked. */
  labels: (number | undefined)[];
  calls: ModelCall[];
  /** Why it was not asked of all rows. */
  stopped?: AlchemistError;
}

/**
 * Has a model label rows in batches, in order, and keeps what it said where it stops half-way: for want of money, of a
 * recording, or because the model cannot be reached. A batch whose reply cannot be read after two repairs counts as
 * unanswered.
 */
export async function labelDirectly(
  rows: readonly Record<string, unknown>[],
  task: DirectTask,
  { model, seed, purpose }: { model: string; seed: number; purpose: "verify" | "residual" },
  ask: Ask,
): Promise<DirectLabels> {
  const labels: DirectLabels["labels"] = rows.map(() => undefined);
  const calls = new Map<string, ModelCall>();
  let stopped: AlchemistError | undefined;
  const asking: Ask = async (why, request) => {
    const answer = await ask(why, request);
    calls.set(answer.call.request, answer.call);
    return answer;
  };
  await inParallel(batchesOf(rows), MOST_CALLS_AT_ONCE, async ({ first, lines }) => {
    if (stopped) return;
    const read = (reply: { text: string; finishReason: string }) =>
      readLabels(reply, lines.length, task.classes);
    try {
      const [{ text, reason }] = await converse(
        purpose,
        [directRequest(task, lines, { model, seed })],
        async (replies) => replies.map((reply) => ({ text: reply.text, reason: read(reply).reason })),
        asking,
      );
      const found = reason === undefined ? read({ text, finishReason: "stop" }).labels : undefined;
      for (const place of lines.keys()) labels[first + place] = found?.[place] ?? ABSTAIN;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      stopped ??= error;
    }
  });
  // Replies come in any order, and dollars are added up in one.
  const sorted = [...calls.values()].sort((one, other) => (one.request < other.request ? -1 : 1));
  return { labels, calls: sorted, stopped };
}

/** What another try of the stage would meet again: everything else is to fail, and to be tried again. */
const isRefusal = (error: unknown): error is AlchemistError =>
  error instanceof RefusedError || (error instanceof AlchemistError && error.code === "model");
