import { z } from "zod";
import { FileName, Hash, ShardIndex, TaskName } from "./names.ts";

/** Starts `synthesize`: a task file, or a program of the user's, was written. */
export const SynthesizeTask = z.strictObject({ stage: z.literal("synthesize"), task: TaskName });
export type SynthesizeTask = z.infer<typeof SynthesizeTask>;

/** Starts `fan-out`: a data file was written, or its programs now exist. */
export const FanOutData = z.strictObject({ stage: z.literal("fan-out"), task: TaskName, file: FileName });
export type FanOutData = z.infer<typeof FanOutData>;

/** Starts `label`: run every program over one shard. */
export const LabelShard = z.strictObject({
  stage: z.literal("label"),
  task: TaskName,
  run: Hash,
  shard: ShardIndex,
  /** Address of what programs see of the shard. */
  hash: Hash,
});
export type LabelShard = z.infer<typeof LabelShard>;

/** Starts `aggregate`: every shard of the group is labeled. */
export const AggregateGroup = z.strictObject({
  stage: z.literal("aggregate"),
  task: TaskName,
  run: Hash,
  group: z.int().min(0).max(99),
});
export type AggregateGroup = z.infer<typeof AggregateGroup>;

/** Starts `publish`: the label model is fitted; write one shard's pseudolabels. */
export const PublishShard = z.strictObject({
  stage: z.literal("publish"),
  task: TaskName,
  run: Hash,
  shard: ShardIndex,
  hash: Hash,
});
export type PublishShard = z.infer<typeof PublishShard>;

/** What travels between stages; each message names the stage it starts. */
export const Message = z.discriminatedUnion("stage", [
  SynthesizeTask,
  FanOutData,
  LabelShard,
  AggregateGroup,
  PublishShard,
]);
export type Message = z.infer<typeof Message>;
