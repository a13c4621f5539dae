import { hashOf } from "../../lib/contracts/hash.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName, ShardIndex } from "../../lib/contracts/names.ts";
import { jsonBytes, Run, Source } from "../../lib/contracts/objects.ts";
import { splitSource } from "../../lib/fan-out/split-source.ts";
import { memoryStore } from "../support/memory-store.ts";
import { taskOf, taskText } from "../support/tasks.ts";
import { jsonIn } from "./bucket.ts";
import { finds } from "./programs.ts";
import { calm } from "./schedule.ts";
import { openWorld } from "./world.ts";

const MORE = { synthesis: { programs: 1 }, input: { id: "id" }, verify: { rows: 5 } };
const TASK = taskOf(MORE);

/** The task of all schedules. */
export const task = TASK.name;
export const taskKey = keys.taskFile(task, "task.json");
export const taskFile = taskText(MORE);
/** The same, with an end model. */
export const endModelTaskFile = taskText({ ...MORE, endModel: "linear" });

/** A program of the user's. */
export const programKey = (name: string) => `${keys.ownProgramsOf(task)}${name}.js`;
export const programs = {
  A: finds("free", "spam"),
  B: finds("hello", "ham"),
  C: finds("offer", "spam"),
} as const;

/** A data file. */
export const dataKey = (name: string) => keys.data(task, fileOf(name));
const fileOf = (name: string) => FileName.parse(`${name}.jsonl`);
export const nameOf = (name: string) => FileName.parse(name);

const WORDS = ["free", "hello", "offer gratis", "you", "free hello", "gratis"];

/** Files are made once: some are large. */
const files = new Map<string, Uint8Array>();

/** JSON Lines of so many rows; `from` tells versions of a file apart, `padding` makes rows long. */
export function rowsOf(count: number, from = 0, padding = 0): Uint8Array {
  const id = `${count} ${from} ${padding}`;
  const known = files.get(id);
  if (known) return known;
  const rows = Array.from({ length: count }, (_, row) => {
    const text = `${WORDS[(row * 7 + from) % WORDS.length]} ${from + row} ${"-".repeat(padding)}`;
    return `${JSON.stringify({ id: from + row, text })}\n`;
  });
  const made = Buffer.from(rows.join(""));
  files.set(id, made);
  return made;
}

/** Characters of rows of which three fill a shard: programs see no row of a whole one. */
const THIRD_OF_SHARD = Math.ceil((4 * 1024 * 1024) / 3);

/** JSON Lines that fill so many shards as `fan-out` has them. */
export const shardsOf = (count: number, from = 0): Uint8Array => rowsOf(3 * count, from, THIRD_OF_SHARD);

type Objects = Record<string, Uint8Array>;

const ROWS_A_SHARD = 2;
const split = new Map<string, Promise<Objects>>();

/**
 * What `fan-out` would leave of a data file if two rows filled a shard: many batches of tiny shards, so that a schedule of
 * thousands of requests takes milliseconds. Everything that is in them was made by `fan-out`'s own parts.
 */
export function splitSmall(name: string, content: Uint8Array): Promise<Objects> {
  const id = `${name} ${hashOf(content)}`;
  const known = split.get(id) ?? makeSmall(name, content);
  split.set(id, known);
  return known;
}

async function makeSmall(name: string, content: Uint8Array): Promise<Objects> {
  // A run of its own says how the source is called.
  const world = openWorld();
  world.drop(taskKey, taskFile);
  world.drop(dataKey(name), content);
  await calm(world);
  const { run: hash } = jsonIn(world.bucket, keys.wanted(task, nameOf(name)));
  const run = Run.parse(jsonIn(world.bucket, keys.run(task, hash)));
  const sourceKey = keys.source(task, run.source);
  const source = Source.parse(jsonIn(world.bucket, sourceKey));
  source.shards = [];

  const objects: Objects = {};
  const lines = new TextDecoder()
    .decode(content)
    .split(/(?<=\n)/)
    .filter(Boolean);
  for (let at = 0; at < lines.length; at += ROWS_A_SHARD) {
    const few = lines.slice(at, at + ROWS_A_SHARD);
    const store = memoryStore({ [dataKey(name)]: few.join("") });
    const version = (await store.head(dataKey(name)))?.version ?? "";
    const ports = { store, report: () => undefined };
    const [shard] = await Array.fromAsync(splitSource(TASK, { ...run, version }, 0, ports));
    const first = await store.get(keys.shard(task, run.source, ShardIndex.parse(0)));
    objects[keys.shard(task, run.source, ShardIndex.parse(source.shards.length))] = first;
    source.shards.push({ hash: shard, rows: few.length });
  }
  objects[sourceKey] = jsonBytes(source);
  return objects;
}
