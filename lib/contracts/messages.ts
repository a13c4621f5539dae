import { z } from "zod";
import { BatchIndex, FileName, Hash, TaskName } from "./names.ts";

/** Shards that one message names at most: what is asked of S3 and SQS a message is shared by so many. */
export const SHARDS_A_MESSAGE = 6;

const shards = {
  task: TaskName,
  run: Hash,
  /** Which SHARDS_A_MESSAGE of the run's shards, in their order. */
  batch: BatchIndex,
  /** Addresses of what programs see of each. */
  hashes: z.array(Hash).min(1).max(SHARDS_A_MESSAGE),
};

/** Starts `synthesize`: a task file, or a program of the user's, was written. */
export const SynthesizeTask = z.strictObject({ stage: z.literal("synthesize"), task: TaskName });
export type SynthesizeTask = z.infer<typeof SynthesizeTask>;

/** Starts `fan-out`: a data file was written, or its programs now exist. */
export const FanOutData = z.strictObject({ stage: z.literal("fan-out"), task: TaskName, file: FileName });
export type FanOutData = z.infer<typeof FanOutData>;

/** Starts `features`: look at every picture of a batch of shards, for `label` to run programs over what was seen. */
export const FeaturesShards = z.strictObject({ stage: z.literal("features"), ...shards });
export type FeaturesShards = z.infer<typeof FeaturesShards>;

/** Starts `label`: run every program over a batch of shards. */
export const LabelShards = z.strictObject({ stage: z.literal("label"), ...shards });
export type LabelShards = z.infer<typeof LabelShards>;

/** Starts `aggregate`: every batch of the group is labeled. */
export const AggregateGroup = z.strictObject({
  stage: z.literal("aggregate"),
  task: TaskName,
  run: Hash,
  group: z.int().min(0).max(99),
});
export type AggregateGroup = z.infer<typeof AggregateGroup>;

/** Starts `train`: the label model is fitted; train the end model that the task asks for. */
export const TrainEndModel = z.strictObject({ stage: z.literal("train"), task: TaskName, run: Hash });
export type TrainEndModel = z.infer<typeof TrainEndModel>;

/** Starts `verify`: the label model is fitted; have a model label what is to be compared, or is uncertain. */
export const VerifyRun = z.strictObject({ stage: z.literal("verify"), task: TaskName, run: Hash });
export type VerifyRun = z.infer<typeof VerifyRun>;

/** Starts `publish`: all that labels are made of is there; write the pseudolabels of a batch of shards. */
export const PublishShards = z.strictObject({ stage: z.literal("publish"), ...shards });
export type PublishShards = z.infer<typeof PublishShards>;

/** Starts `watch`: look whether a run has moved since. */
export const WatchRun = z.strictObject({
  stage: z.literal("watch"),
  task: TaskName,
  run: Hash,
  /** Batches that were labeled or published when somebody looked last. */
  marks: z.int().min(0),
  /** How often somebody has looked. */
  looks: z.int().min(0),
});
export type WatchRun = z.infer<typeof WatchRun>;

/** What travels between stages; each message names the stage it starts. */
export const Message = z.discriminatedUnion("stage", [
  SynthesizeTask,
  FanOutData,
  FeaturesShards,
  LabelShards,
  AggregateGroup,
  TrainEndModel,
  VerifyRun,
  PublishShards,
  WatchRun,
]);
export type Message = z.infer<typeof Message>;
