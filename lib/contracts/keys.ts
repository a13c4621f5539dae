import type { FileName, Hash, ProgramId, ShardIndex, TaskName } from "./names.ts";

const padded = (index: number) => String(index).padStart(5, "0");

/** Shards a fan-in group holds: one listing page of S3. */
export const GROUP_SIZE = 1_000;

/** The fan-in group of a shard; two digits in keys. */
export const groupOf = (shard: ShardIndex): number => Math.floor(shard / GROUP_SIZE);

const paddedGroup = (group: number) => String(group).padStart(2, "0");

/** The three parts of the bucket: what the user drops, state, and what the user takes. */
export const areas = { inbox: "inbox/", work: "work/", outbox: "outbox/" } as const;

/** Every key of the bucket. No other module spells one. */
export const keys = {
  // What the user drops.
  inboxOf: (task: TaskName) => `inbox/${task}/`,
  taskFile: (task: TaskName, name: "task.yaml" | "task.yml" | "task.json") => `inbox/${task}/${name}`,
  dataOf: (task: TaskName) => `inbox/${task}/data/`,
  data: (task: TaskName, file: FileName) => `inbox/${task}/data/${file}`,
  ownProgramsOf: (task: TaskName) => `inbox/${task}/programs/`,
  /** Recordings that a task ships with, so that it runs without a key. */
  shippedReply: (task: TaskName, request: Hash) => `${keys.shippedRepliesOf(task)}${request}.json`,
  shippedRepliesOf: (task: TaskName) => `inbox/${task}/replies/`,

  // State.
  repliesOf: (task: TaskName) => `work/${task}/replies/`,
  reply: (task: TaskName, request: Hash) => `work/${task}/replies/${request}.json`,
  /** Points to the program set in force, and to the one before it. */
  currentSet: (task: TaskName) => `work/${task}/programs.json`,
  programSet: (task: TaskName, set: Hash) => `work/${task}/sets/${set}.json`,
  waitingOf: (task: TaskName) => `work/${task}/waiting/`,
  waiting: (task: TaskName, file: FileName) => `work/${task}/waiting/${file}`,
  source: (task: TaskName, source: Hash) => `work/${task}/sources/${source}/source.json`,
  shard: (task: TaskName, source: Hash, shard: ShardIndex) =>
    `work/${task}/sources/${source}/shards/${padded(shard)}`,
  rejectedOf: (task: TaskName, source: Hash) => `work/${task}/sources/${source}/rejected/`,
  rejected: (task: TaskName, source: Hash, index: number) =>
    `work/${task}/sources/${source}/rejected/${padded(index)}.jsonl`,
  /** A Parquet file that came gzipped, unpacked for random access. */
  unpacked: (task: TaskName, source: Hash) => `work/${task}/sources/${source}/unpacked`,
  /** The same, while `plan` counts its rows. */
  measured: (task: TaskName, file: FileName) => `work/${task}/measured/${file}`,
  votes: (task: TaskName, shard: Hash, set: Hash) => `work/${task}/votes/${shard}/${set}`,
  run: (task: TaskName, run: Hash) => `work/${task}/runs/${run}/run.json`,
  labeledOf: (task: TaskName, run: Hash, group: number) =>
    `work/${task}/runs/${run}/labeled/${paddedGroup(group)}/`,
  /** A labeled shard's histogram and statistics; its presence says that the shard is labeled. */
  labeled: (task: TaskName, run: Hash, shard: ShardIndex) =>
    `${keys.labeledOf(task, run, groupOf(shard))}${padded(shard)}`,
  groupsOf: (task: TaskName, run: Hash) => `work/${task}/runs/${run}/groups/`,
  /** The merged histograms of a group of shards. */
  group: (task: TaskName, run: Hash, group: number) => `${keys.groupsOf(task, run)}${paddedGroup(group)}`,
  labelModel: (task: TaskName, run: Hash) => `work/${task}/runs/${run}/label-model.json`,
  publishedOf: (task: TaskName, run: Hash, group: number) =>
    `work/${task}/runs/${run}/published/${paddedGroup(group)}/`,
  published: (task: TaskName, run: Hash, shard: ShardIndex) =>
    `${keys.publishedOf(task, run, groupOf(shard))}${padded(shard)}`,
  publishedGroupsOf: (task: TaskName, run: Hash) => `work/${task}/runs/${run}/published-groups/`,
  publishedGroup: (task: TaskName, run: Hash, group: number) =>
    `${keys.publishedGroupsOf(task, run)}${paddedGroup(group)}`,

  // What the user takes.
  programsOf: (task: TaskName) => `outbox/${task}/programs/`,
  program: (task: TaskName, id: ProgramId, extension: "js" | "py") =>
    `outbox/${task}/programs/${id}.${extension}`,
  programRecord: (task: TaskName, id: ProgramId) => `outbox/${task}/programs/${id}.json`,
  labelsOf: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/`,
  partsOf: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/part-`,
  part: (task: TaskName, name: FileName, shard: ShardIndex, extension: string) =>
    `${keys.partsOf(task, name)}${padded(shard)}.${extension}`,
  rejectedRows: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/rejected.jsonl`,
  receipt: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/receipt.json`,
  card: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/card.md`,
  success: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/_SUCCESS`,
} as const;
