import { GoldRows } from "./contracts/gold.ts";
import { keys } from "./contracts/keys.ts";
import type { Hash, TaskName } from "./contracts/names.ts";
import { ProgramSet, parsed, Run, Source } from "./contracts/objects.ts";
import { Verification } from "./contracts/verdict.ts";
import type { ObjectStore } from "./ports.ts";

/** Objects that a process keeps: those of some runs at once. A source of many shards takes many MiB. */
const MOST_KEPT = 32;

/** Objects that never change once written are read once a process, not once a shard. */
const cached = new WeakMap<ObjectStore, Map<string, unknown>>();

/** Only what is there is kept: a look that began before somebody else's write is nobody else's answer. */
async function once<T>(store: ObjectStore, key: string, load: () => Promise<T>): Promise<T> {
  const known = cached.get(store) ?? new Map<string, unknown>();
  cached.set(store, known);
  if (known.has(key)) return known.get(key) as T;
  const value = await load();
  if (value !== undefined) known.set(key, value);
  const [oldest] = known.keys();
  if (known.size > MOST_KEPT) known.delete(oldest);
  return value;
}

/** The run's settings. @throws ObjectNotFoundError, DamagedObjectError */
export const loadRun = (store: ObjectStore, task: TaskName, run: Hash): Promise<Run> => {
  const key = keys.run(task, run);
  return once(store, key, async () => parsed(Run, await store.get(key), key));
};

/** The programs of a set. @throws ObjectNotFoundError, DamagedObjectError */
export const loadProgramSet = (store: ObjectStore, task: TaskName, set: Hash): Promise<ProgramSet> => {
  const key = keys.programSet(task, set);
  return once(store, key, async () => parsed(ProgramSet, await store.get(key), key));
};

/** The split data file, or undefined while it is being split. @throws DamagedObjectError */
export const loadSource = (store: ObjectStore, task: TaskName, source: Hash): Promise<Source | undefined> => {
  const key = keys.source(task, source);
  return once(store, key, async () => {
    const found = await store.find(key);
    return found && parsed(Source, found, key);
  });
};

/** Where the rows lie that the user labeled, or undefined where the task allows no use of them. @throws ObjectNotFoundError, DamagedObjectError */
export async function loadGold(
  store: ObjectStore,
  task: TaskName,
  { gold, source }: Pick<Run, "gold" | "source">,
): Promise<GoldRows | undefined> {
  if (gold === undefined) return undefined;
  const key = keys.goldRows(task, source);
  return once(store, key, async () => parsed(GoldRows, await store.get(key), key));
}

/** What a model said of a run's rows, or undefined before it was asked. @throws DamagedObjectError */
export const loadVerification = (
  store: ObjectStore,
  task: TaskName,
  run: Hash,
  edition: number,
): Promise<Verification | undefined> => {
  const key = keys.verification(task, run, edition);
  return once(store, key, async () => {
    const found = await store.find(key);
    return found && parsed(Verification, found, key);
  });
};
