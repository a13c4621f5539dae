import { type GoldFile, goldFiles } from "./gold.ts";
import { type BatchIndex, FileName, type Hash, type ProgramId, type ShardIndex, TaskName } from "./names.ts";

const padded = (index: number) => String(index).padStart(5, "0");

/** Batches a fan-in group holds: one listing page of S3. */
export const GROUP_SIZE = 1_000;

/** The fan-in group of a batch; two digits in keys. */
export const groupOf = (batch: BatchIndex): number => Math.floor(batch / GROUP_SIZE);

const paddedGroup = (group: number) => String(group).padStart(2, "0");

/** The three parts of the bucket: what the user drops, state, and what the user takes. */
export const areas = { inbox: "inbox/", work: "work/", outbox: "outbox/" } as const;

/** What a task file may be called. */
export const taskFiles = ["task.yaml", "task.yml", "task.json"] as const;

/** Every key of the bucket. No other module spells one. */
export const keys = {
  // What the user drops.
  inboxOf: (task: TaskName) => `inbox/${task}/`,
  taskFile: (task: TaskName, name: (typeof taskFiles)[number]) => `inbox/${task}/${name}`,
  /** A small labeled set, for what the task file allows. */
  gold: (task: TaskName, name: GoldFile) => `inbox/${task}/${name}`,
  dataOf: (task: TaskName) => `inbox/${task}/data/`,
  data: (task: TaskName, file: FileName) => `inbox/${task}/data/${file}`,
  ownProgramsOf: (task: TaskName) => `inbox/${task}/programs/`,
  /** Documents that inform prompts. */
  knowledgeOf: (task: TaskName) => `inbox/${task}/knowledge/`,
  /** Recordings that a task ships with, so that it runs without a key. */
  shippedReply: (task: TaskName, request: Hash) => `${keys.shippedRepliesOf(task)}${request}.json`,
  shippedRepliesOf: (task: TaskName) => `inbox/${task}/replies/`,

  // State.
  repliesOf: (task: TaskName) => `work/${task}/replies/`,
  reply: (task: TaskName, request: Hash) => `work/${task}/replies/${request}.json`,
  /** Replies that label rows of which programs are not certain; their cap is another. */
  residualRepliesOf: (task: TaskName) => `work/${task}/residual/`,
  residualReply: (task: TaskName, request: Hash) => `work/${task}/residual/${request}.json`,
  /** What was spent under a cap, and calls under way: outside the folders that hold replies. */
  ledger: (task: TaskName, cap: "replies" | "residual") => `work/${task}/spent/${cap}.json`,
  /** Points to the program set in force, and to the one before it. */
  currentSet: (task: TaskName) => `work/${task}/programs.json`,
  /** The rows that prompts show, drawn once. */
  shownRows: (task: TaskName) => `work/${task}/shown-rows.json`,
  programSet: (task: TaskName, set: Hash) => `work/${task}/sets/${set}.json`,
  source: (task: TaskName, source: Hash) => `work/${task}/sources/${source}/source.json`,
  shard: (task: TaskName, source: Hash, shard: ShardIndex) =>
    `work/${task}/sources/${source}/shards/${padded(shard)}`,
  /** Where rows with a gold label lie in the shards. */
  goldRows: (task: TaskName, source: Hash) => `work/${task}/sources/${source}/gold.json`,
  rejectedOf: (task: TaskName, source: Hash) => `work/${task}/sources/${source}/rejected/`,
  rejected: (task: TaskName, source: Hash, index: number) =>
    `work/${task}/sources/${source}/rejected/${padded(index)}.jsonl`,
  /** A Parquet file that came gzipped, unpacked for random access. */
  unpacked: (task: TaskName, source: Hash) => `work/${task}/sources/${source}/unpacked`,
  /** The same, while `plan` counts its rows. */
  measured: (task: TaskName, file: FileName) => `work/${task}/measured/${file}`,
  /** The visual concepts of an image task. */
  concepts: (task: TaskName) => `work/${task}/concepts.json`,
  /** Embeddings of a few pictures, by what they and the model are. */
  pictureEmbeddings: (task: TaskName, model: Hash, pictures: Hash) =>
    `work/${task}/features/${model}/pictures/${pictures}`,
  /** Embeddings of all descriptions of the concepts. */
  textEmbeddings: (task: TaskName, model: Hash, concepts: Hash) =>
    `work/${task}/features/${model}/texts/${concepts}`,
  /** What programs see of a shard of pictures. */
  scores: (task: TaskName, shard: Hash) => `work/${task}/features/scores/${shard}`,
  /** Pictures of a shard that could not be decoded; among the source's rejected rows. */
  unreadableOf: (task: TaskName, source: Hash) => `${keys.rejectedOf(task, source)}shard-`,
  unreadable: (task: TaskName, source: Hash, shard: ShardIndex) =>
    `${keys.unreadableOf(task, source)}${padded(shard)}.jsonl`,
  votes: (task: TaskName, shard: Hash, set: Hash) => `work/${task}/votes/${shard}/${set}`,
  run: (task: TaskName, run: Hash) => `work/${task}/runs/${run}/run.json`,
  /** How a program set voted in the first run that it finished: what later runs are compared with. */
  baseline: (task: TaskName, set: Hash) => `work/${task}/baselines/${set}.json`,
  /** Which run's labels a data file is to have, the latest word of `fan-out`. */
  wanted: (task: TaskName, name: FileName) => `work/${task}/wanted/${name}.json`,
  runOf: (task: TaskName, run: Hash) => `work/${task}/runs/${run}/`,
  labeledOf: (task: TaskName, run: Hash, group: number) =>
    `work/${task}/runs/${run}/labeled/${paddedGroup(group)}/`,
  /** Histogram and statistics of a labeled batch; its presence says that the batch is labeled. */
  labeled: (task: TaskName, run: Hash, batch: BatchIndex) =>
    `${keys.labeledOf(task, run, groupOf(batch))}${padded(batch)}`,
  groupsOf: (task: TaskName, run: Hash) => `work/${task}/runs/${run}/groups/`,
  /** Says that somebody was told to merge a group: others need not be. */
  begun: (task: TaskName, run: Hash, group: number) => `work/${task}/runs/${run}/begun/${paddedGroup(group)}`,
  /** The merged histograms of a group of batches. */
  group: (task: TaskName, run: Hash, group: number) => `${keys.groupsOf(task, run)}${paddedGroup(group)}`,
  labelModel: (task: TaskName, run: Hash) => `work/${task}/runs/${run}/label-model.json`,
  /** The model that learned from the label model's labels, as it is published. */
  endModel: (task: TaskName, run: Hash) => `work/${task}/runs/${run}/end-model.json`,
  /** How training went; its presence says that it is done. */
  trained: (task: TaskName, run: Hash) => `work/${task}/runs/${run}/trained.json`,
  /** What a model said of the run's rows, fixed for an edition before its labels are published. */
  verification: (task: TaskName, run: Hash, edition: number) =>
    `work/${task}/runs/${run}/verification/${edition}.json`,
  publishedOf: (task: TaskName, run: Hash, edition: number, group: number) =>
    `work/${task}/runs/${run}/published/${edition}/${paddedGroup(group)}/`,
  published: (task: TaskName, run: Hash, edition: number, batch: BatchIndex) =>
    `${keys.publishedOf(task, run, edition, groupOf(batch))}${padded(batch)}`,
  publishedGroupsOf: (task: TaskName, run: Hash, edition: number) =>
    `work/${task}/runs/${run}/published-groups/${edition}/`,
  publishedGroup: (task: TaskName, run: Hash, edition: number, group: number) =>
    `${keys.publishedGroupsOf(task, run, edition)}${paddedGroup(group)}`,
  /** Created once when an edition's labels are whole; S3 tells EventBridge of it. */
  ready: (task: TaskName, name: FileName, run: Hash, edition: number) =>
    `work/${task}/ready/${name}/${edition}-${run}.json`,

  // What the user takes.
  programsOf: (task: TaskName) => `outbox/${task}/programs/`,
  program: (task: TaskName, id: ProgramId, extension: "js" | "py") =>
    `outbox/${task}/programs/${id}.${extension}`,
  /** What became of every program: beside the programs, so that no program may be called `registry`. */
  registry: (task: TaskName) => `${keys.programsOf(task)}registry.json`,
  programRecord: (task: TaskName, id: ProgramId) => `outbox/${task}/programs/${id}.json`,
  /** What prompts showed besides the task: passages of documents, and rows. */
  shownKnowledge: (task: TaskName) => `outbox/${task}/knowledge.json`,
  /** The visual concepts of an image task, with the conversation they came from. */
  shownConcepts: (task: TaskName) => `outbox/${task}/concepts.json`,
  labelsOf: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/`,
  partsOf: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/part-`,
  part: (task: TaskName, name: FileName, shard: ShardIndex, extension: string) =>
    `${keys.partsOf(task, name)}${padded(shard)}.${extension}`,
  rejectedRows: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/rejected.jsonl`,
  receipt: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/receipt.json`,
  card: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/card.md`,
  publishedEndModel: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/end-model.json`,
  endModelReader: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/end-model.mjs`,
  report: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/report.html`,
  success: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/_SUCCESS`,
  /** Why a data file has no labels of its latest version. */
  labelsFailed: (task: TaskName, name: FileName) => `outbox/${task}/labels/${name}/_FAILED.json`,
  /** Why a task has no programs. */
  taskFailed: (task: TaskName) => `outbox/${task}/_FAILED.json`,
} as const;

/** Ends of the inbox's keys that start something; S3 tells their case apart. */
const FOLDER_MARK = "_SUCCESS";

export const dropEndings = {
  created: [...taskFiles, `/${FOLDER_MARK}`].concat(
    ["js", "py", "csv", "tsv", "tab", "jsonl", "ndjson", "parquet", "gz", "zip", "tar", "tgz"].flatMap(
      (name) => [`.${name}`, `.${name.toUpperCase()}`],
    ),
  ),
  /** Without one of the user's programs the set is another. */
  removed: [".js", ".JS", ".py", ".PY"],
} as const;

/** What a key of the inbox says was dropped; `problem` where nothing can be made of it. */
export type Drop =
  | { kind: "task" | "program" | "knowledge"; task: TaskName }
  | { kind: "data"; task: TaskName; file: FileName }
  | { kind: "other"; task?: TaskName; problem: string };

/** Reads a key of the inbox: the inverse of `taskFile`, `gold`, `data` and `ownProgramsOf`. */
export function dropAt(key: string): Drop {
  const [area, name = "", folder = "", ...rest] = key.split("/");
  const task = TaskName.safeParse(name);
  if (`${area}/` !== areas.inbox) return { kind: "other", problem: "it is not in the inbox" };
  if (!task.success) {
    return { kind: "other", problem: `a task's folder needs ${task.error.issues[0].message}` };
  }
  const file = rest.join("/");
  if (rest.length === 0 && [...taskFiles, ...goldFiles].some((name) => name === folder)) {
    return { kind: "task", task: task.data };
  }
  if (folder === "programs" && file !== "") return { kind: "program", task: task.data };
  // Documents come one by one, and each that started something would be paid for: the last one's mark starts.
  if (folder === "knowledge" && file === FOLDER_MARK) return { kind: "knowledge", task: task.data };
  if (folder === "knowledge") {
    return { kind: "other", problem: "documents start nothing: drop knowledge/_SUCCESS behind the last one" };
  }
  if (folder !== "data" || file === "") {
    return { kind: "other", problem: "this place in a task's folder starts nothing" };
  }
  // Pictures that were dropped one by one start when the mark of their folder lands.
  const parsed = FileName.safeParse(rest.length === 2 && rest[1] === FOLDER_MARK ? rest[0] : file);
  if (parsed.success) return { kind: "data", task: task.data, file: parsed.data };
  const problem = `a data file needs ${parsed.error.issues[0].message}, directly in data/`;
  return { kind: "other", task: task.data, problem };
}
