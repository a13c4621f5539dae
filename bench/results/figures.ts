import { z } from "zod";
import { LabelModelName } from "../../lib/contracts/label-models.ts";

/** Shares of all rows with gold: with a label, and labeled right; a row without a label counts as wrong. */
export const Quality = z.strictObject({ coverage: z.number(), accuracy: z.number(), macroF1: z.number() });
export type Quality = z.infer<typeof Quality>;

/** What is known of a set of programs, whoever wrote them. */
export const SetFigures = z.strictObject({
  programs: z.int(),
  rows: z.int(),
  /** Means over its programs: share of rows with its vote, and of these votes the share that is right. */
  programCoverage: z.number(),
  programAccuracy: z.number(),
  /** Rows on which two of them contradict each other. */
  conflict: z.number(),
  majority: Quality,
  auto: Quality,
});
export type SetFigures = z.infer<typeof SetFigures>;

/** All that one task's recorded programs show on its rows. */
export const TaskFigures = z.strictObject({
  name: z.string(),
  rows: z.int(),
  classes: z.int(),
  /** Who answered, in the words of the recordings. */
  replies: z.array(z.string()),
  /** In dollars; null where not all of the task's replies are recorded. */
  cost: z
    .strictObject({
      usd: z.number().nullable(),
      calls: z.int(),
      direct: z.array(
        z.strictObject({ model: z.string(), usd: z.number(), breakEvenRows: z.number().nullable() }),
      ),
    })
    .nullable(),
  /** A sample that a model labeled directly: how much of it was right, and of the programs' labels of the same rows. */
  sample: z.strictObject({ model: z.string(), rows: z.int(), direct: z.int(), programs: z.int() }).nullable(),
  verdict: z.string().nullable(),
  all: SetFigures,
  /** By strategy; a text says why there is none. */
  strategies: z.record(z.string(), z.union([SetFigures, z.string()])),
  models: z.record(LabelModelName, Quality),
  /** Accuracy of so many programs drawn at random, over seeded draws. */
  counts: z.array(
    z.strictObject({ programs: z.int(), mean: z.number(), deviation: z.number(), majority: z.number() }),
  ),
  /** Rows voted on and published once more, each byte the same. */
  replay: z.strictObject({ rows: z.int(), votes: z.int(), stopped: z.int() }).nullable(),
});
export type TaskFigures = z.infer<typeof TaskFigures>;

/** Functions that people wrote, beside synthesized programs on the same rows; a text says why there are none. */
export const HumanFigures = z.strictObject({
  name: z.string(),
  human: SetFigures,
  synthesized: z.union([SetFigures, z.string()]),
});
export type HumanFigures = z.infer<typeof HumanFigures>;

/** Figures of sets that are not shipped, kept for who does not have them. */
export const KnownSets = z.strictObject({
  tasks: z.array(TaskFigures),
  humans: z.array(HumanFigures),
});
export type KnownSets = z.infer<typeof KnownSets>;
