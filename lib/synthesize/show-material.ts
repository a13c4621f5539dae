import { keys } from "../contracts/keys.ts";
import type { TaskName } from "../contracts/names.ts";
import { jsonBytes } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ObjectStore } from "../ports.ts";
import { requestHash } from "./ask.ts";
import { knowledgeRequest, type PromptColumn } from "./prompts.ts";
import type { Material } from "./shown-material.ts";

/** Keeps the rows that are shown, before anything is asked: other rows would be other requests. */
export async function keepRows(task: TaskName, { rows }: Material, store: ObjectStore): Promise<void> {
  if (rows) await store.put(keys.shownRows(task), jsonBytes(rows));
}

/** Puts before the user what prompts showed besides the task. What a former set showed goes. */
export async function showMaterial(
  { task, columns, material }: { task: TaskFile; columns: readonly PromptColumn[]; material: Material },
  store: ObjectStore,
): Promise<void> {
  const key = keys.shownKnowledge(task.name);
  const { shown, retrieved, rows } = material;
  if (retrieved === undefined && rows === undefined) return store.delete(key);
  const passages = retrieved && {
    // The prompt that shows them: each program of the strategy has it first in its conversation.
    request: requestHash(knowledgeRequest(task, columns, "retrieval", shown)),
    ranking: retrieved.ranking,
    shown: retrieved.chosen,
    documents: retrieved.documents,
    leftOut: retrieved.leftOut,
  };
  const drawn = rows && { file: rows.file, drawn: rows.rows.length, shown: rows.rows };
  await store.put(key, `${JSON.stringify({ passages, rows: drawn }, null, 2)}\n`);
}
