import { keys } from "../contracts/keys.ts";
import type { TaskName } from "../contracts/names.ts";
import { jsonBytes } from "../contracts/objects.ts";
import type { ObjectStore } from "../ports.ts";
import type { FoundConcepts } from "./task-concepts.ts";

/** Puts an image task's concepts in force, and before its user with the conversation they came from. */
export async function showConcepts(
  task: TaskName,
  { concepts, answers }: FoundConcepts,
  store: ObjectStore,
): Promise<void> {
  const shown = { ...concepts, conversation: answers.map(({ recording }) => recording) };
  await store.put(keys.shownConcepts(task), `${JSON.stringify(shown, null, 2)}\n`);
  await store.put(keys.concepts(task), jsonBytes(concepts));
}
