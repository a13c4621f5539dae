import { z } from "zod";

/** What a task's small labeled set may be called. */
export const goldFiles = ["gold.csv", "gold.jsonl"] as const;
export type GoldFile = (typeof goldFiles)[number];

/** To make confidences truer, and to choose between label model, end model and both together. */
export const GoldUse = z.enum(["calibrate", "choose"]);
export type GoldUse = z.infer<typeof GoldUse>;

/** The gold of a run. */
export const RunGold = z.strictObject({
  file: z.enum(goldFiles),
  version: z.string(),
  use: z.array(GoldUse),
});
export type RunGold = z.infer<typeof RunGold>;

/** gold.json: where the rows of a data file lie that the user labeled. */
export const GoldRows = z.strictObject({
  /** [shard, row within it, class], in the data's order. */
  rows: z.array(z.tuple([z.int(), z.int(), z.int()])),
  /** Labels of which no row of the data has the id, and the first of them. */
  strangers: z.int(),
  firstStranger: z.strictObject({ id: z.string(), line: z.int() }).optional(),
});
export type GoldRows = z.infer<typeof GoldRows>;

/** Whose labels rows with votes get: the label model's, the end model's, or those of both together. */
export const Labeler = z.enum(["both", "endModel", "labelModel"]);
export type Labeler = z.infer<typeof Labeler>;

/** Rows with gold and a vote that it takes to choose. */
export const LEAST_ROWS_TO_CHOOSE = 100;

/** How gold chose among labelers; with too few rows both models stay together. */
export const Choice = z.strictObject({
  labeler: Labeler,
  /** Rows with gold and a vote. */
  rows: z.int(),
  /** Share of them that each labels right. */
  right: z.record(Labeler, z.number()),
});
export type Choice = z.infer<typeof Choice>;
