import { keys } from "./contracts/keys.ts";
import type { TaskName } from "./contracts/names.ts";
import { parsed } from "./contracts/objects.ts";
import type { AdmittedProgram } from "./contracts/programs.ts";
import { type RegisteredProgram, Registry } from "./contracts/registry.ts";
import type { ObjectStore } from "./ports.ts";

/** Changes a task's registry, which `synthesize` and every finished run write; leaves it where nothing changes. */
export async function changeRegistry(
  store: ObjectStore,
  task: TaskName,
  next: (before: Registry | undefined) => Registry | undefined,
): Promise<void> {
  const key = keys.registry(task);
  for (;;) {
    // In this order: what was written in between makes the write fail.
    const version = (await store.head(key))?.version;
    const found = version === undefined ? undefined : await store.find(key);
    const before = found && parsed(Registry, found, key);
    const after = next(before);
    if (after === undefined || after === before) return;
    if (await store.create(key, `${JSON.stringify(after, null, 2)}\n`, version)) return;
  }
}

/** The text of a program as it was written, whatever runs in its place. */
export const writtenSource = ({
  source,
  translation,
}: Pick<AdmittedProgram, "source" | "translation">): string =>
  translation && "from" in translation ? translation.from.source : source;

/** A program in another state; the same program where it is in that state already, for that reason. */
export function inState(
  program: RegisteredProgram,
  state: RegisteredProgram["state"],
  at: string,
  reason?: string,
): RegisteredProgram {
  if (program.state === state && program.reason === reason) return program;
  const { reason: _, ...rest } = program;
  const why = reason === undefined ? {} : { reason };
  return { ...rest, state, ...why, history: [...program.history, { state, at, ...why }] };
}
