import { MOST_PICTURE_BYTES } from "../contracts/pictures.ts";
import { inParallel } from "../in-parallel.ts";
import type { ObjectStore } from "../ports.ts";
import { type FoundPicture, foundPicture } from "./found-picture.ts";
import { isByTheWay, nameProblem } from "./picture-name.ts";
import { tooLarge } from "./sniff.ts";

/** Objects that are fetched at once, and how many are held before they are told of. */
const AT_ONCE = 8;
const CHUNK = 64;

/** Says that all pictures of a folder are there. */
export const SUCCESS = "_SUCCESS";

/** The pictures below a prefix, an object each, in the order of their keys. */
export async function* readFolder(
  store: Pick<ObjectStore, "list" | "get">,
  prefix: string,
): AsyncGenerator<FoundPicture> {
  let chunk: { name: string; key: string; size: number }[] = [];
  const found = () => inParallel(chunk, AT_ONCE, (one) => objectPicture(store, one));
  for await (const { key, size } of store.list(prefix)) {
    const name = key.slice(prefix.length);
    if (name === SUCCESS || name.endsWith("/") || isByTheWay(name)) continue;
    chunk.push({ name, key, size });
    if (chunk.length < CHUNK) continue;
    yield* await found();
    chunk = [];
  }
  yield* await found();
}

/** Pictures that a list names, by names below `prefix`, in the list's order. */
export const namedPictures = (
  store: Pick<ObjectStore, "head" | "get">,
  prefix: string,
  names: readonly string[],
): Promise<FoundPicture[]> =>
  inParallel(names, AT_ONCE, async (name) => {
    const bad = nameProblem(name);
    if (bad || /^[a-z0-9]+:/i.test(name)) {
      const message = `${JSON.stringify(name.slice(0, 100))} leads out of the task's data. Name pictures as they lie below data/.`;
      return { name, problem: { reason: "outside-task", message } };
    }
    const key = `${prefix}${name}`;
    const head = name === "" ? undefined : await store.head(key);
    if (head === undefined) {
      const message = name === "" ? "the row names no picture." : `there is no picture at data/${name}.`;
      return { name, problem: { reason: "missing", message } };
    }
    return objectPicture(store, { name, key, size: head.size });
  });

async function objectPicture(
  store: Pick<ObjectStore, "get">,
  { name, key, size }: { name: string; key: string; size: number },
): Promise<FoundPicture> {
  const problem = nameProblem(name) ?? (size > MOST_PICTURE_BYTES ? tooLarge(size) : undefined);
  if (problem) return { name, problem };
  return foundPicture(name, await store.get(key), { key, start: 0, length: size });
}
