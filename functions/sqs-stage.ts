import middy from "@middy/core";
import type { z } from "zod";
import type { Message } from "../lib/contracts/messages.ts";
import { errorFields, log } from "./log.ts";

/** As much of Lambda's event as a stage needs. */
interface SqsEvent {
  Records: { messageId: string; body: string }[];
}

/** The messages that go back to the queue. */
interface SqsBatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * Runs a stage once per record and sends what it yields, so that one bad message never makes its neighbours run again.
 *
 * @param schema of the message that starts the stage
 * @param send takes what the stage yields, while it runs
 */
export const sqsStage = <S extends z.ZodType<Message>>(
  schema: S,
  run: (message: z.infer<S>) => AsyncIterable<Message>,
  send: (messages: AsyncIterable<Message>) => Promise<void>,
) =>
  middy<SqsEvent, SqsBatchResponse>().handler(async ({ Records }) => {
    const outcomes = await Promise.allSettled(
      Records.map(async ({ body }) => send(run(schema.parse(JSON.parse(body))))),
    );
    const batchItemFailures: SqsBatchResponse["batchItemFailures"] = [];
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === "fulfilled") continue;
      const { messageId, body } = Records[index];
      log("error", { messageId, body, ...errorFields(outcome.reason) });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
    return { batchItemFailures };
  });
