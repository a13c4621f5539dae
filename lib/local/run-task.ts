import type { Message } from "../contracts/messages.ts";
import type { FileName } from "../contracts/names.ts";
import { AlchemistError } from "../errors.ts";
import { advance, type PipelineSettings } from "../pipeline.ts";
import type { Ports } from "../ports.ts";
import { drive, type Failure } from "./drive.ts";
import type { LocalTask } from "./open-task.ts";

/** Some of a run failed; the rest went on, is stored, and is not done again. */
export class RunFailedError extends AlchemistError {
  readonly code = "run-failed";
  readonly failures: Failure[];

  constructor(failures: Failure[]) {
    const reasons = [
      ...new Set(failures.map(({ error }) => (error instanceof Error ? error.message : String(error)))),
    ];
    const more = reasons.length > 5 ? `\n… and ${reasons.length - 5} more reasons` : "";
    super(`${reasons.slice(0, 5).join("\n")}${more}`, { cause: failures[0].error });
    this.failures = failures;
  }
}

/** Messages under way at once: the main thread splits and publishes while a child process a core labels. */
const concurrencyOf = (cores: number) => cores + 2;

/** Makes, or finds, the programs of a task. @throws what the stage throws */
export async function synthesizeTask(
  { task }: LocalTask,
  ports: Ports,
  settings: PipelineSettings,
): Promise<void> {
  const failures = await drive(
    [{ stage: "synthesize", task: task.name }],
    (message) => withoutSuccessors(advance(message, ports, settings)),
    1,
  );
  if (failures.length > 0) throw failures[0].error;
}

/** Labels data files to the end. @returns what failed; everything else went on without it */
export async function labelFiles(
  { task }: LocalTask,
  files: readonly FileName[],
  { ports, settings, cores }: { ports: Ports; settings: PipelineSettings; cores: number },
): Promise<Failure[]> {
  return drive(
    files.map((file) => ({ stage: "fan-out", task: task.name, file }) as const),
    (message) => advance(message, ports, settings),
    concurrencyOf(cores),
  );
}

/** Data that waits for programs is started by the caller, who knows which files are meant. */
async function* withoutSuccessors(messages: AsyncIterable<Message>): AsyncGenerator<Message> {
  for await (const message of messages) if (message.stage !== "fan-out") yield message;
}
