import { z } from "zod";
import { Hash } from "./names.ts";

/** How the programs of one strategy did on rows that a model labeled. */
export const StrategyScore = z.strictObject({
  strategy: z.string(),
  /** Programs that were tried; those that failed screening vote on nothing. */
  programs: z.int(),
  /** Their votes on the labeled rows, those that agree, and how many would if they knew nothing of the rows. */
  votes: z.int(),
  agreeing: z.int(),
  byLot: z.number(),
  /** Wrong votes, and those of them that a program of another strategy gives too. */
  errors: z.int(),
  sharedErrors: z.int(),
  /** Votes that agree beyond lot, a row and program. */
  gain: z.number(),
  /** 1 where no error is another strategy's too, towards 0 where all are. */
  diversity: z.number(),
  score: z.number(),
});
export type StrategyScore = z.infer<typeof StrategyScore>;

/** What `strategies: auto` tried, what came of it, and what the rest of the set was spent on. */
export const StrategyChoice = z.strictObject({
  /** Of all that decides it but the data: while that is the same, the choice stands. */
  inputs: Hash,
  /** The rows that it rests on; null where there are none. */
  sample: z
    .strictObject({
      file: z.string(),
      model: z.string(),
      rows: z.int(),
      /** Rows that the model gave a class. */
      labeled: z.int(),
      calls: z.int(),
      /** The same replies judge the programs later, and count there too; null where a price was not known. */
      usd: z.number().nullable(),
    })
    .nullable(),
  scores: z.array(StrategyScore),
  /** Programs asked for after the trial, by strategy. */
  given: z.record(z.string(), z.int()),
  reason: z.string(),
  /** Programs that the sample tells from lot no better than by accident, and why they did not join. */
  rejected: z.record(z.string(), z.string()),
});
export type StrategyChoice = z.infer<typeof StrategyChoice>;
