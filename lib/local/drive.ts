import type { Message } from "../contracts/messages.ts";

/** A message whose stage failed, and why. */
export interface Failure {
  message: Message;
  error: unknown;
}

/**
 * The queues of one machine: starts the stage of every message, at most `concurrency` at a time, and feeds what the
 * stages yield back in while they still run, so that labeling begins before a file is split to its end.
 *
 * @returns the messages whose stage failed; the others went on without them
 */
export async function drive(
  seeds: readonly Message[],
  advance: (message: Message) => AsyncIterable<Message>,
  concurrency: number,
): Promise<Failure[]> {
  const waiting: Message[] = [...seeds];
  const failures: Failure[] = [];
  let running = 0;

  return new Promise((resolve) => {
    const startMore = () => {
      while (running < concurrency && waiting.length > 0) {
        const message = waiting.shift() as Message;
        running += 1;
        follow(message)
          .catch((error: unknown) => failures.push({ message, error }))
          .finally(() => {
            running -= 1;
            startMore();
          });
      }
      if (running === 0 && waiting.length === 0) resolve(failures);
    };
    const follow = async (message: Message) => {
      for await (const next of advance(message)) {
        waiting.push(next);
        startMore();
      }
    };
    startMore();
  });
}
