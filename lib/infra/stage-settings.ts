import type { StageId } from "./rights.ts";

export { type StageId, stages as stageIds } from "./rights.ts";

/** How a stage runs, apart from what it does. */
export interface StageSettings {
  memoryMiB: number;
  timeoutSeconds: number;
  /** Messages that one call takes. */
  batchSize: number;
  /** One message of a group at a time, in order. */
  fifo?: boolean;
  /** How long a message waits before it is handed out. */
  delaySeconds?: number;
}

/** 1,769 MiB buy one whole processor: less makes a stage that only computes as much slower, and no cheaper. */
const ONE_PROCESSOR_MIB = 1_769;

export const stageSettings: Record<StageId, StageSettings> = {
  intake: { memoryMiB: 512, timeoutSeconds: 30, batchSize: 10 },
  // A group is a task: two runs of it never spend its budget at once. Isolates screen what the model wrote.
  synthesize: { memoryMiB: ONE_PROCESSOR_MIB, timeoutSeconds: 900, batchSize: 1, fifo: true },
  // Splits by computing, and remembers ids besides a shard that fills.
  "fan-out": { memoryMiB: ONE_PROCESSOR_MIB, timeoutSeconds: 900, batchSize: 1 },
  label: { memoryMiB: ONE_PROCESSOR_MIB, timeoutSeconds: 900, batchSize: 1 },
  // Holds every distinct pattern of a run's votes: five million of twenty programs took 981 MiB.
  aggregate: { memoryMiB: 3_008, timeoutSeconds: 300, batchSize: 1 },
  // A hundred thousand short texts, their features and the minimizer's memory of past steps: at most 700 MiB.
  train: { memoryMiB: ONE_PROCESSOR_MIB, timeoutSeconds: 900, batchSize: 1 },
  // A group is a task, as with synthesize. Waits for the model, and holds a few shards.
  verify: { memoryMiB: 1_024, timeoutSeconds: 900, batchSize: 1, fifo: true },
  // Rows as they came beside rows as they go: some 100 MiB for a full shard.
  publish: { memoryMiB: 1_024, timeoutSeconds: 120, batchSize: 1 },
  // Two processors: one decodes the next pictures while the other's network looks at these.
  features: { memoryMiB: 2 * ONE_PROCESSOR_MIB, timeoutSeconds: 900, batchSize: 1 },
  watch: { memoryMiB: 512, timeoutSeconds: 60, batchSize: 10, delaySeconds: 900 },
};
