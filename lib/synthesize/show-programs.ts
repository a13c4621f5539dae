import { keys } from "../contracts/keys.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import type { ProgramSet, RecordedReply } from "../contracts/objects.ts";
import { EXTENSIONS } from "../contracts/program-language.ts";
import type { ObjectStore } from "../ports.ts";

/**
 * Puts a set before its user: each program that joined as a file, and each program, joined or not, with the
 * conversation it came from and what became of it. What a former set left there goes.
 */
export async function showPrograms(
  task: TaskName,
  { programs, rejected }: ProgramSet,
  recordings: ReadonlyMap<Hash, RecordedReply>,
  store: ObjectStore,
): Promise<void> {
  const shown = new Set<string>([keys.registry(task)]);
  const show = async (key: string, body: string) => {
    shown.add(key);
    await store.put(key, body);
  };
  for (const { id, language, source, translation } of programs) {
    await show(keys.program(task, id, EXTENSIONS[language]), source);
    if (translation && "from" in translation) {
      await show(keys.program(task, id, EXTENSIONS[translation.from.language]), translation.from.source);
    }
  }
  for (const program of [...programs, ...rejected]) {
    const joined = !("reason" in program);
    const replies = program.origin.kind === "model" ? program.origin.replies : [];
    const record = {
      id: program.id,
      outcome: joined ? "joined" : "rejected",
      ...(joined
        ? { hash: program.hash, language: program.language, translation: program.translation }
        : { reason: program.reason }),
      origin: program.origin,
      source: program.source,
      conversation: replies.map((hash) => recordings.get(hash)),
    };
    await show(keys.programRecord(task, program.id), `${JSON.stringify(record, null, 2)}\n`);
  }
  const stale: string[] = [];
  for await (const { key } of store.list(keys.programsOf(task))) if (!shown.has(key)) stale.push(key);
  for (const key of stale) await store.delete(key);
}
