import type { ProgramId } from "../contracts/names.ts";
import type { ProgramLanguage } from "../contracts/program-language.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { AlchemistError } from "../errors.ts";
import { inParallel } from "../in-parallel.ts";
import type { ModelRequest } from "../ports.ts";
import type { Answer, Ask } from "./ask.ts";
import { MOST_CALLS_AT_ONCE } from "./converse.ts";
import { extractProgram } from "./extract-program.ts";
import { programHash, type Screening, screened } from "./screen.ts";
import { namedIn, wordRows } from "./word-rows.ts";

interface Original {
  id: ProgramId;
  source: string;
}

/** JavaScript that votes as the Python does, or why there is none; with the model's answer where it was asked. */
export interface Translation {
  source?: string;
  reason?: string;
  answer?: Answer;
}

/** Has Python programs translated, each asked for once. What votes otherwise on one row of many is no translation. */
export async function translatePrograms(
  originals: readonly Original[],
  task: TaskFile,
  ask: Ask,
  screening: Screening,
): Promise<Translation[]> {
  return inParallel(originals, MOST_CALLS_AT_ONCE, async (original): Promise<Translation> => {
    let answer: Answer;
    try {
      answer = await ask("translation", translationRequest(task, original.source));
    } catch (error) {
      // The set is whole without it.
      if (error instanceof AlchemistError && error.code === "budget-exceeded")
        return { reason: error.message };
      throw error;
    }
    const { source, reason } = extractProgram(answer.recording.reply);
    if (source === undefined) return { reason, answer };
    const [refused] = await screened([{ id: original.id, language: "javascript", source }], screening);
    const differs = refused ?? (await difference(original, source, screening));
    return differs === undefined ? { source, answer } : { reason: differs, answer };
  });
}

/** Where a translation votes otherwise; undefined where it nowhere does. */
async function difference(
  { id, source: python }: Original,
  javascript: string,
  { classes, probes, runner, hardening }: Screening,
): Promise<string | undefined> {
  const program = (language: ProgramLanguage, source: string) => ({
    id,
    language,
    source,
    hash: programHash(source, classes, language),
  });
  const { columns, rows } = wordRows(namedIn(python, "python"), probes.columns);
  const programs = [program("python", python), program("javascript", javascript)];
  const [one, other] = await runner.run({ classes, programs, columns, hardening });
  const differing = one.votes.filter((vote, row) => vote !== other.votes[row]).length;
  if (differing > 0) return `its translation votes otherwise on ${differing} of ${rows} rows`;
  if (one.votes.every((vote) => vote === -1))
    return `it abstains on all of ${rows} rows, so nothing can be compared`;
  return undefined;
}

/** Asks for the same program in JavaScript. */
export function translationRequest(
  { synthesis, classes }: Pick<TaskFile, "synthesis" | "classes">,
  source: string,
): ModelRequest {
  const names = classes.map(({ name }, number) => `${number} → ${JSON.stringify(name)}`).join(", ");
  return {
    model: synthesis.model,
    messages: [
      {
        role: "system",
        content:
          "You translate small Python programs to JavaScript that gives the same answer for every input.",
      },
      {
        role: "user",
        content: `Translate this program. Where it takes \`text\`, take \`row.text\`; where it takes \`row\`, a dict, \`row\` is an object with the same keys.

\`\`\`python
${source}\`\`\`

Rules:
- One plain script that defines \`function label(row)\` at its top level; no imports, no async, no Date, no Math.random, no typed arrays, no BigInt.
- It returns the name of a class where the program returns its number (${names}), and null for -1 and None.
- The same answer for every row, not a better one. Lengths and positions in Python count code points: [...text].length. In its patterns \\w, \\d, \\s and \\b know all of Unicode: use the flag u with \\p{L}, \\p{N} and lookarounds where that can matter. Division of integers, rounding and the order of sorting are Python's.
- No pattern with the flag g or y at the top level, and nothing is kept between calls.

Write the whole program in one \`\`\`javascript code block, and nothing before or after it.`,
      },
    ],
    temperature: 0,
    seed: synthesis.seed,
    maxTokens: 8_192,
  };
}
