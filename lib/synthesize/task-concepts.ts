import type { Concept, Concepts } from "../contracts/concepts.ts";
import { hashOfJson } from "../contracts/hash.ts";
import { keys } from "../contracts/keys.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError, RefusedError } from "../errors.ts";
import type { ModelRequest } from "../ports.ts";
import type { Answer, Ask } from "./ask.ts";
import { conceptsProblem } from "./check-concepts.ts";
import { conceptNamesRequest, descriptionsRequest } from "./concept-prompts.ts";
import { converse } from "./converse.ts";
import { type Read, readDescriptions, readNames } from "./read-concepts.ts";

/** The model was asked for visual concepts, and none of its replies can be used. */
class NoConceptsError extends RefusedError {
  readonly code = "no-concepts";

  constructor({ name }: TaskFile, reason: string) {
    super(
      `No visual concepts for ${name}: ${reason}. The replies are kept under ${keys.repliesOf(name)}. ` +
        "Name concepts and descriptions under features.concepts, or take another synthesis.model or synthesis.seed.",
    );
  }
}

/** An image task's concepts, and the replies that they were taken from. */
export interface FoundConcepts {
  concepts: Concepts;
  answers: Answer[];
}

/**
 * The visual concepts of an image task: the task file's, or else the model's, asked for in two steps and each sent back at
 * most twice.
 *
 * @throws InvalidInputError where the task file's cannot be used; NoConceptsError where the model's cannot
 */
export async function taskConcepts(task: TaskFile, ask: Ask): Promise<FoundConcepts> {
  const given = givenConcepts(task);
  if (given) return { concepts: conceptsOf(given, { kind: "task" }), answers: [] };
  const names = await askFor(task, conceptNamesRequest(task), readNames, ask);
  const described = await askFor(
    task,
    descriptionsRequest(task, names.found),
    (reply) => readDescriptions(reply, names.found),
    ask,
  );
  const answers = [...names.answers, ...described.answers];
  const requests = answers.map(({ call }) => call.request);
  return { concepts: conceptsOf(described.found, { kind: "model", requests }), answers };
}

/** One step: what its reply says, mended where that was needed. */
async function askFor<T>(
  task: TaskFile,
  request: ModelRequest,
  read: (reply: { text: string; finishReason: string }) => Read<T>,
  ask: Ask,
): Promise<{ found: T; answers: Answer[] }> {
  let found: T | undefined;
  const [{ reason, answers }] = await converse(
    "concepts",
    [request],
    async ([reply]) => {
      const one = read(reply);
      found = one.found;
      return [{ text: reply.text, reason: one.reason }];
    },
    ask,
  );
  if (found === undefined) throw new NoConceptsError(task, reason ?? "");
  return { found, answers };
}

const conceptsOf = (concepts: Concept[], origin: Concepts["origin"]): Concepts => ({
  hash: hashOfJson(concepts),
  concepts,
  origin,
});

/** The task file's own concepts, where it has any. */
export function givenConcepts({ features, synthesis }: TaskFile): Concept[] | undefined {
  if (features?.concepts === undefined) {
    if (synthesis.programs > 0) return undefined;
    throw new InvalidInputError(
      "task.yaml: features.concepts",
      "found nothing, and synthesis.programs is 0: no model is asked. Name the concepts that your programs look at.",
    );
  }
  const concepts = Object.entries(features.concepts).map(([name, descriptions]) => ({ name, descriptions }));
  const problem = conceptsProblem(concepts);
  if (problem === undefined) return concepts;
  throw new InvalidInputError("task.yaml: features.concepts", `${problem}.`);
}
