import { z } from "zod";
import { type ModelCall, Warning } from "./objects.ts";

/** A share with its 95 % interval (Wilson 1927), and of how many rows it is one. */
export const Share = z.strictObject({ share: z.number(), low: z.number(), high: z.number(), rows: z.int() });
export type Share = z.infer<typeof Share>;

/** What calls to a model took together. */
export const CallSum = z.strictObject({
  calls: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** Whether some tokens were counted as characters / 4. */
  estimated: z.boolean(),
  /** Null where a price was not known. */
  usd: z.number().nullable(),
});
export type CallSum = z.infer<typeof CallSum>;

/** Whether the programs can be trusted with these rows, and what says so. Agreement is not accuracy: docs/verdict.md. */
export const Verdict = z.strictObject({
  /** Null where nothing was compared; `reason` says why. */
  verdict: z.enum(["programs", "hybrid", "direct"]).nullable(),
  reason: z.string(),
  /** Who labeled the sample: a model, or the user's gold column. */
  by: z.enum(["model", "gold"]),
  model: z.string().nullable(),
  /** Rows drawn at random, and those of them that got a label to compare with. */
  sampled: z.int(),
  compared: z.int(),
  /** The share of rows that may be labeled otherwise. */
  margin: z.number(),
  /** Of all compared rows: a row without a label agrees with nothing. */
  agreement: Share.nullable(),
  /** Of the compared rows that programs labeled. */
  agreementWhereLabeled: Share.nullable(),
  /** The agreement of labels that are given as often, to rows drawn by lot. */
  chance: z.number().nullable(),
  /** The least certain share of rows that a model would have to label to come within the margin. */
  routedShare: z.number().nullable(),
  /** Of all rows of the run: with a vote, and with votes for different classes. */
  coverage: z.number(),
  conflict: z.number(),
  classes: z.array(
    z.strictObject({
      name: z.string(),
      /** Compared rows that the sample's labels, and the programs, give this class; and both. */
      sample: z.int(),
      programs: z.int(),
      both: z.int(),
    }),
  ),
  /** Each program's votes on compared rows, those that agree, and how many would if it knew nothing of the rows. */
  programs: z.array(z.strictObject({ id: z.string(), votes: z.int(), agreeing: z.int(), byLot: z.number() })),
  cost: CallSum,
  warnings: z.array(Warning),
});
export type Verdict = z.infer<typeof Verdict>;

/** Rows that a model labeled because the programs were least certain of them. */
export const Routed = z.strictObject({
  model: z.string(),
  capUsd: z.number(),
  /** Rows that were candidates, and those that got a model's label. */
  candidates: z.int(),
  rows: z.int(),
  /** Of these, rows whose label is another than the programs'. */
  changed: z.int(),
  /** Labels expected to be mended, by the label model's own confidence; and a dollar. */
  expectedGain: z.number(),
  expectedGainPerUsd: z.number().nullable(),
  /** The highest confidence that was reached; null where no row was sent. */
  reached: z.number().nullable(),
  /** Why it ended. */
  stopped: z.string(),
  cost: CallSum,
});
export type Routed = z.infer<typeof Routed>;

/** What a model said of a run's rows, fixed before they are published. */
export const Verification = z.strictObject({
  /** Whether asking again can bring no more: no key and no recording are mended from outside. */
  settled: z.boolean(),
  verdict: Verdict,
  routed: Routed.nullable(),
  /** [shard, row, class of the programs or ABSTAIN, class of the model], of each row that a model labeled. */
  labels: z.array(z.tuple([z.int(), z.int(), z.int(), z.int()])),
});
export type Verification = z.infer<typeof Verification>;

/** What calls took together. */
export const sumOfCalls = (calls: readonly ModelCall[]): CallSum => ({
  calls: calls.length,
  inputTokens: calls.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
  outputTokens: calls.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
  estimated: calls.some(({ estimated }) => estimated),
  usd: calls.some(({ usd }) => usd === null) ? null : calls.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
});
