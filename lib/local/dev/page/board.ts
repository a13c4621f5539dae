import { isWanted, type ObjectChange } from "../../../adapters/embedded/object-events.ts";
import { areas, dropAt, dropEndings, keys } from "../../../contracts/keys.ts";
import { FileName, TaskName } from "../../../contracts/names.ts";
import { CurrentSet, Failed, ProgramSet, parsed, Run } from "../../../contracts/objects.ts";
import { nameOfLabels } from "../../../tables/table-format.ts";
import { reasonOf, taskNamed, type Worked, worked } from "./worked.ts";

/** A data file on its way: rows that each stage has done, and what came of them. */
export interface BoardFile {
  name: string;
  file: string;
  /** `waiting` for a task that was refused to be mended. */
  state: "waiting" | "working" | "ready" | "refused";
  /** By stage, in words. */
  stages: Record<string, string>;
  /** Share of the rows that are published, 0 to 1. */
  done: number;
  problem?: string;
  /** What lies beside the labels and can be looked at. */
  report: boolean;
  receipt: boolean;
}

export interface BoardTask {
  name: string;
  /** What was said of its programs last. */
  programs?: string;
  problem?: string;
  files: BoardFile[];
}

type Change = Pick<ObjectChange, "key" | "event">;
type Read = (key: string) => Uint8Array;
type OpenFile = BoardFile & Worked;

interface OpenTask {
  programs?: string;
  problem?: string;
  /** What failed and is tried again. */
  trouble?: string;
  files: Map<string, OpenFile>;
}

const count = (rows: number) => rows.toLocaleString("en");

/** Everything that is under way, from what happens in the bucket and what functions say: the state of the page. */
export function board() {
  const tasks = new Map<string, OpenTask>();
  const fileOfRun = new Map<string, OpenFile>();

  const taskOf = (name: string): OpenTask => {
    const task: OpenTask = tasks.get(name) ?? { files: new Map() };
    tasks.set(name, task);
    return task;
  };
  const fileOf = (task: string, name: string, file = name): OpenFile => {
    const { files } = taskOf(task);
    const known = files.get(name);
    if (known) return known;
    const fresh: OpenFile = {
      name,
      file,
      report: false,
      receipt: false,
      ...NOT_BEGUN,
      stages: {},
      counts: {},
    };
    files.set(name, fresh);
    return fresh;
  };
  const begin = (file: OpenFile) => Object.assign(file, { ...NOT_BEGUN, stages: {}, counts: {} });

  /** A change of the bucket; one that is removed has nothing to be read. */
  const object = ({ key, event }: Change, read: Read): void => {
    const isThere = event !== "ObjectRemoved:Delete";
    const drop = dropAt(key);
    if (drop.kind === "task" && isThere) taskOf(drop.task).problem = undefined;
    if (drop.kind === "data" && isThere && isWanted(STARTS, { key, event })) {
      const name = nameOfLabels(drop.file);
      const file = fileOf(drop.task, name, drop.file);
      file.file = drop.file;
      // The same data again changes nothing, so what is ready stays so until a run begins.
      if (file.state === "refused") Object.assign(file, { state: "working", problem: undefined });
    }
    const [, folder = "", kind = "", id = "", last = ""] = key.split("/");
    const task = TaskName.safeParse(folder);
    if (!task.success || drop.kind !== "other") return;
    if (key === keys.currentSet(task.data) && isThere) {
      const { set } = parsed(CurrentSet, read(key), key);
      const { programs } = parsed(ProgramSet, read(keys.programSet(task.data, set)), key);
      taskOf(task.data).programs = `${count(programs.length)} programs`;
    } else if (key === keys.taskFailed(task.data)) {
      taskOf(task.data).problem = isThere ? parsed(Failed, read(key), key).message : undefined;
    } else if (kind === "runs" && last === "run.json" && isThere) {
      const run = parsed(Run, read(key), key);
      const file = fileOf(task.data, run.name, run.file);
      begin(file);
      fileOfRun.set(`${task.data} ${id}`, file);
    } else if (kind === "labels" && last !== "") {
      labels(task.data, FileName.parse(id), { key, isThere }, read);
    }
  };

  const labels = (
    task: TaskName,
    name: FileName,
    { key, isThere }: { key: string; isThere: boolean },
    read: Read,
  ) => {
    if (key === keys.report(task, name)) fileOf(task, name).report = isThere;
    if (key === keys.receipt(task, name)) fileOf(task, name).receipt = isThere;
    if (key === keys.success(task, name)) {
      Object.assign(
        fileOf(task, name),
        isThere ? { state: "ready", done: 1 } : { state: "working", done: 0 },
      );
    }
    if (key === keys.labelsFailed(task, name)) {
      const problem = isThere ? parsed(Failed, read(key), key).message : undefined;
      Object.assign(fileOf(task, name), { problem, ...(isThere && { state: "refused" }) });
    }
  };

  /** A line of a function's log. */
  const log = (record: Record<string, unknown>): void => {
    const { level, message: stage, run, file } = record;
    const task = taskNamed(record);
    if (task === undefined || typeof stage !== "string" || !tasks.has(task)) return;
    taskOf(task).trouble = level === "ERROR" ? `${reasonOf(record)} It is tried again.` : undefined;
    if (level === "ERROR") return;
    if (stage === "synthesize") {
      taskOf(task).programs =
        `${record.programs} programs, ${record.calls} calls, ${record.replayed} replayed`;
    } else if (stage === "fan-out" && typeof file === "string") {
      const name = FileName.safeParse(file);
      if (!name.success) return;
      const open = fileOf(task, nameOfLabels(name.data), file);
      open.rows = Number(record.rows);
      open.stages.split = `${count(open.rows)} rows`;
    } else {
      const open = fileOfRun.get(`${task} ${run}`);
      if (open) worked(open, stage, record);
    }
  };

  return {
    object,
    log,
    state: (): BoardTask[] =>
      [...tasks].map(([name, { programs, problem, trouble, files }]) => ({
        name,
        programs,
        problem: problem ?? trouble,
        files: [...files.values()].map(({ rows: _, counts: __, state, ...file }) => ({
          ...file,
          state: problem !== undefined && state === "working" && file.done === 0 ? "waiting" : state,
        })),
      })),
  };
}

/** What is dropped and starts something; notes and single pictures beside the data do not. */
const STARTS = { prefix: areas.inbox, ...dropEndings };

const NOT_BEGUN = { state: "working", done: 0, rows: 0 } as const;
