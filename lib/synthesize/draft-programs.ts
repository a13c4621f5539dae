import type { ProgramId } from "../contracts/names.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { Strategy } from "../contracts/task-schema.ts";
import type { Answer, Ask } from "./ask.ts";
import { type Conversation, converse } from "./converse.ts";
import { declinedReason, extractProgram } from "./extract-program.ts";
import { extractPython } from "./extract-python.ts";
import { isStudied, knowledgeStrategies, type PlannedProgram } from "./planned-programs.ts";
import { knowledgeRequest, type PromptColumn, programRequest } from "./prompts.ts";
import type { Shown } from "./shown-sections.ts";

/** A program as the model wrote it, mended where that was needed; `reason` where it still cannot join. */
export interface Draft {
  id: ProgramId;
  strategy: Strategy;
  source: string;
  reason?: string;
  /** Every reply it came from: its strategy's knowledge, then its own. */
  answers: Answer[];
}

/**
 * Has the model write the planned programs: first what their strategies want to know, then each program.
 *
 * @param screen the reason why a program cannot join, for each of some
 */
export async function draftPrograms(
  {
    task,
    columns,
    planned,
    shown,
  }: { task: TaskFile; columns: PromptColumn[]; planned: PlannedProgram[]; shown?: Shown },
  ask: Ask,
  screen: (
    programs: { id: ProgramId; strategy: Strategy; source: string }[],
  ) => Promise<(string | undefined)[]>,
): Promise<Draft[]> {
  const strategies = knowledgeStrategies(planned);
  const studies = await converse(
    "knowledge",
    strategies.map((strategy) => knowledgeRequest(task, columns, strategy, shown)),
    async (replies) => replies.map((reply) => ({ text: reply.text, reason: declinedReason(reply) })),
    ask,
  );
  const studyOf = ({ strategy }: PlannedProgram): Conversation | undefined =>
    isStudied(strategy) ? studies[strategies.indexOf(strategy)] : undefined;

  const extract = task.synthesis.language === "python" ? extractPython : extractProgram;
  const asked = planned.filter((program) => studyOf(program)?.reason === undefined);
  const conversations = await converse(
    "program",
    asked.map((program) => programRequest(task, columns, program, studyOf(program)?.text ?? "", shown)),
    async (replies, indexes) => {
      const extracted = replies.map((reply) => extract(reply));
      const sources = extracted.flatMap(({ source }, place) => {
        const { id, strategy } = asked[indexes[place]];
        return source === undefined ? [] : [{ id, strategy, source }];
      });
      const reasons = (await screen(sources)).values();
      return extracted.map(({ source, reason }) =>
        source === undefined ? { text: "", reason } : { text: source, reason: reasons.next().value },
      );
    },
    ask,
  );

  const written = new Map(asked.map((program, index) => [program, conversations[index]]));
  return planned.map((program): Draft => {
    const { id, strategy } = program;
    const study = studyOf(program);
    const own = written.get(program);
    const answers = [...(study?.answers ?? []), ...(own?.answers ?? [])];
    if (own === undefined) {
      return {
        id,
        strategy,
        source: "",
        answers,
        reason: `the knowledge it was to be written from cannot be used: ${study?.reason}`,
      };
    }
    return { id, strategy, source: own.text, answers, reason: own.reason };
  });
}
