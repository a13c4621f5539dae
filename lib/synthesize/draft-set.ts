import type { StrategyChoice } from "../contracts/strategy-choice.ts";
import type { Strategy } from "../contracts/task-schema.ts";
import { RefusedError } from "../errors.ts";
import type { Ask } from "./ask.ts";
import { copiesAmong } from "./copies.ts";
import { type Draft, draftPrograms } from "./draft-programs.ts";
import { nextProgram, type PlannedProgram } from "./planned-programs.ts";
import { type Screening, screened } from "./screen.ts";
import { programsOf, tryStrategies } from "./try-strategies.ts";
import type { Order } from "./write-set.ts";

/** Of the planned programs, how many may be replaced. */
const REPLACED_SHARE = 0.5;

/**
 * Has the model write a set's programs: those that are planned, after a trial those of the strategies that won, and fresh ones for
 * those that cannot join, up to a bound.
 * The user's own programs have no part in it but their ids: with one of them edited, the model's stay the same.
 *
 * @returns all programs, with the reason where one cannot join, and what a trial brought
 */
export async function draftSet(
  { task, columns, planned, own, auto, material: { shown } }: Order,
  askModel: Ask,
  screening: Screening,
): Promise<{ drafts: Draft[]; choice?: StrategyChoice }> {
  const { language } = task.synthesis;
  const ask = askingOnce(askModel);
  const make = (programs: PlannedProgram[]): Promise<Draft[]> =>
    draftPrograms({ task, columns, planned: programs, shown }, ask, (written) =>
      screened(
        written.map((program) => ({ ...program, language })),
        screening,
      ),
    );
  const all = [...planned];
  const taken = own.map(({ id }) => id);
  const fresh = (strategy: Strategy): PlannedProgram => {
    const next = nextProgram(strategy, all, taken);
    all.push(next);
    return next;
  };

  const drafts = await make(planned);
  const trial = auto && !auto.known ? await tryStrategies(drafts, task, auto, ask, screening) : undefined;
  const choice = auto?.known ?? trial?.choice;
  if (choice) {
    const more = programsOf(task.synthesis, choice, taken).slice(planned.length);
    all.push(...more);
    drafts.push(...(await make(more)));
  }

  const rejected: StrategyChoice["rejected"] = { ...choice?.rejected };
  /** Notes what only the data or the other programs tell against a program. */
  const compare = async (some: readonly Draft[]): Promise<void> => {
    const chances = trial ? await trial.judge(some) : [];
    for (const [index, draft] of some.entries()) {
      if (draft.reason === undefined && chances[index] !== undefined) rejected[draft.id] = chances[index];
      draft.reason ??= rejected[draft.id];
    }
    const sound = drafts.filter(({ reason }) => reason === undefined);
    if (sound.length === 0) return;
    const copies = await copiesAmong(
      sound.map(({ id, source }) => ({ id, source, language })),
      screening,
    );
    for (const [index, draft] of sound.entries()) draft.reason = copies[index];
  };
  await compare(drafts);

  let left = Math.ceil(REPLACED_SHARE * all.length);
  const failed = drafts.filter(({ reason }) => reason !== undefined);
  // Who wrote no program that can be used will not write one now.
  while (failed.length > 0 && left > 0 && failed.length < drafts.length) {
    const [one] = failed;
    left -= 1;
    try {
      const [instead] = await make([fresh(one.strategy)]);
      drafts.push(instead);
      await compare([instead]);
      failed.shift();
      if (instead.reason !== undefined) failed.push(instead);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      // The set is whole without it.
      for (const draft of failed) draft.reason += ` (not replaced: ${error.code})`;
      break;
    }
  }
  return { drafts, ...(choice && { choice: { ...choice, rejected } }) };
}

/** What a later program of the same strategy is written from was asked for already. */
function askingOnce(ask: Ask): Ask {
  const asked = new Map<string, ReturnType<Ask>>();
  return (purpose, request) => {
    const key = JSON.stringify(request);
    const answer = asked.get(key) ?? ask(purpose, request);
    asked.set(key, answer);
    return answer;
  };
}
