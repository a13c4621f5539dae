import type { StrategyChoice } from "../contracts/strategy-choice.ts";
import { Strategy } from "../contracts/task-schema.ts";
import { RefusedError } from "../errors.ts";
import type { Ask } from "./ask.ts";
import { copiesAmong } from "./copies.ts";
import { type Draft, draftPrograms } from "./draft-programs.ts";
import { nextProgram, type PlannedProgram } from "./planned-programs.ts";
import { type Screening, screened, type Unscreened } from "./screen.ts";
import { tryStrategies } from "./try-strategies.ts";
import type { Order } from "./write-set.ts";

/** Of the planned programs, how many may be replaced. */
const REPLACED_SHARE = 0.5;

/**
 * Has the model write a set's programs: those that are planned, after a trial those of the strategies that won, and fresh ones for
 * those that cannot join, up to a bound.
 *
 * @param own programs of the user's that can join: none is to be a copy of them
 * @returns all programs, with the reason where one cannot join, and what a trial brought
 */
export async function draftSet(
  { task, columns, planned, auto }: Order,
  own: readonly Unscreened[],
  askModel: Ask,
  screening: Screening,
): Promise<{ drafts: Draft[]; choice?: StrategyChoice }> {
  const { language } = task.synthesis;
  const ask = askingOnce(askModel);
  const make = (programs: PlannedProgram[]): Promise<Draft[]> =>
    draftPrograms({ task, columns, planned: programs }, ask, (written) =>
      screened(
        written.map((program) => ({ ...program, language })),
        screening,
      ),
    );
  const all = [...planned];
  const taken = own.map(({ id }) => id);
  const plan = (strategy: Strategy): PlannedProgram => {
    const next = nextProgram(strategy, all, taken);
    all.push(next);
    return next;
  };

  const drafts = await make(planned);
  const trial = auto && !auto.known ? await tryStrategies(drafts, task, auto, ask, screening) : undefined;
  const choice = auto?.known ?? trial?.choice;
  const more = Object.entries(choice?.given ?? {}).flatMap(([strategy, programs]) =>
    Array.from({ length: programs }, () => plan(Strategy.parse(strategy))),
  );
  drafts.push(...(await make(more)));

  const rejected: StrategyChoice["rejected"] = { ...choice?.rejected };
  /** Notes what only the data or the other programs tell against a program. */
  const compare = async (some: readonly Draft[]): Promise<void> => {
    const chances = trial ? await trial.judge(some) : [];
    for (const [index, draft] of some.entries()) {
      if (draft.reason === undefined && chances[index] !== undefined) rejected[draft.id] = chances[index];
      draft.reason ??= rejected[draft.id];
    }
    const sound = drafts.filter(({ reason }) => reason === undefined);
    const copies = await copiesAmong(
      [...own, ...sound.map(({ id, source }) => ({ id, source, language }))],
      screening,
    );
    for (const [index, draft] of sound.entries()) draft.reason = copies[own.length + index];
  };
  await compare(drafts);

  let left = Math.ceil(REPLACED_SHARE * all.length);
  const failed = drafts.filter(({ reason }) => reason !== undefined);
  // Who wrote no program that can be used will not write one now.
  while (failed.length > 0 && left > 0 && failed.length < drafts.length) {
    const [one] = failed;
    left -= 1;
    try {
      const [fresh] = await make([plan(one.strategy)]);
      drafts.push(fresh);
      await compare([fresh]);
      failed.shift();
      if (fresh.reason !== undefined) failed.push(fresh);
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
