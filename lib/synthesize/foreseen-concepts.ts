import type { Concept } from "../contracts/concepts.ts";
import type { Hash } from "../contracts/names.ts";
import type { RecordedReply } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ModelRequest } from "../ports.ts";
import { type Ask, callOf, requestHash } from "./ask.ts";
import { descriptionsRequest } from "./concept-prompts.ts";
import { givenConcepts, taskConcepts } from "./task-concepts.ts";

/** Concepts as far as they are known before anybody is asked. */
export interface ForeseenConcepts {
  /** Known ones, or some of the usual number and length. */
  concepts: readonly Concept[];
  /** Calls still to be made for them. */
  open: ModelRequest[];
  found: RecordedReply[];
}

/** A usual answer to both steps. */
const USUAL: Concept[] = Array.from({ length: 8 }, (_, concept) => ({
  name: `visual concept ${concept + 1}`,
  descriptions: Array.from(
    { length: 7 },
    (_, one) => `a photo of something that looks like this or that ${one}`,
  ),
}));
const NAMES = USUAL.map(({ name }) => name);

/** Replays what is recorded of an image task's concepts. */
export async function foreseenConcepts(
  task: TaskFile,
  recordings: ReadonlyMap<Hash, RecordedReply>,
): Promise<ForeseenConcepts> {
  const given = givenConcepts(task);
  if (given) return { concepts: given, open: [], found: [] };
  const found: RecordedReply[] = [];
  let next: ModelRequest | undefined;
  const replay: Ask = async (purpose, request) => {
    const hash = requestHash(request);
    const recording = recordings.get(hash);
    if (recording === undefined) {
      next = request;
      throw new Error("not recorded");
    }
    found.push(recording);
    return { recording, call: callOf(purpose, hash, recording), replayed: true };
  };
  try {
    const { concepts } = await taskConcepts(task, replay);
    return { concepts: concepts.concepts, open: [], found };
  } catch (error) {
    if (next === undefined) throw error;
    const open = found.length === 0 ? [next, descriptionsRequest(task, NAMES)] : [next];
    return { concepts: USUAL, open, found };
  }
}
