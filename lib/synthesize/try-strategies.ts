import { ABSTAIN } from "../contracts/columns.ts";
import type { DataSample } from "../contracts/data-sample.ts";
import type { Hash, ProgramId } from "../contracts/names.ts";
import type { StrategyChoice } from "../contracts/strategy-choice.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { Strategy } from "../contracts/task-schema.ts";
import { directTask } from "../verify/direct-task.ts";
import { labelDirectly } from "../verify/label-directly.ts";
import type { Ask } from "./ask.ts";
import { chooseStrategies } from "./choose-strategies.ts";
import type { Draft } from "./draft-programs.ts";
import { nextProgram, type PlannedProgram, plannedPrograms, TRIED } from "./planned-programs.ts";
import { chanceReason, scoreStrategies, type TriedProgram } from "./score-strategies.ts";
import { programHash, type Screening } from "./screen.ts";

/** What `strategies: auto` needs besides the task. */
export interface AutoOrder {
  /** Of all that decides the choice but the data. */
  inputs: Hash;
  /** Made for an earlier set, and still good. */
  known?: StrategyChoice;
  /** Undefined where there is no data yet. */
  sample: (wanted: { rows: number; seed: number }) => Promise<DataSample | undefined>;
}

/** Rows beyond these would make the choice no better, only dearer. */
export const MOST_ROWS = 200;
/** With fewer labeled rows accident decides. */
const FEWEST_ROWS = 20;
/** Of the whole set, what goes into trying each strategy, at least one program each. */
const TRIED_SHARE = 0.1;

/** Programs of each strategy to begin with, so that there are some left to be decided on. */
export function trialPrograms({ programs }: Pick<TaskFile["synthesis"], "programs">): PlannedProgram[] {
  const each = Math.max(1, Math.floor(TRIED_SHARE * programs));
  return plannedPrograms({ programs: Math.min(programs, each * TRIED.length), strategies: "auto" });
}

/** All programs of a choice, without those that replaced others: first those of the trial, then those of the winners. */
export function programsOf(
  synthesis: Pick<TaskFile["synthesis"], "programs">,
  { given }: Pick<StrategyChoice, "given">,
  taken: readonly ProgramId[] = [],
): PlannedProgram[] {
  const planned = trialPrograms(synthesis);
  for (const [strategy, programs] of Object.entries(given)) {
    for (let more = 0; more < programs; more++)
      planned.push(nextProgram(Strategy.parse(strategy), planned, taken));
  }
  return planned;
}

/** A sample with labels: scores what was tried on it, and tells later what votes no better than lot. */
export interface Trial {
  choice: StrategyChoice;
  /** For each program why it is not to join, as far as the sample tells. */
  judge(drafts: readonly Draft[]): Promise<(string | undefined)[]>;
}

/**
 * Labels a sample of the data directly, with the requests that `verify` makes, and chooses strategies by how their first
 * programs did on it. Where that cannot be, all strategies are asked in turn, and the choice says why.
 *
 * @throws whatever keeps the model from being asked: budget, key, price
 */
export async function tryStrategies(
  tried: readonly Draft[],
  task: TaskFile,
  { inputs, sample }: AutoOrder,
  ask: Ask,
  screening: Screening,
): Promise<Trial> {
  const { programs, seed, language } = task.synthesis;
  const { model, rows: wanted } = task.verify;
  const more = programs - trialPrograms(task.synthesis).length;
  const inTurn = (reason: string, found: StrategyChoice["sample"] = null): Trial => ({
    choice: { inputs, sample: found, scores: [], given: evenly(more), reason, rejected: {} },
    judge: async (drafts) => drafts.map(() => undefined),
  });
  if (more === 0) {
    return inTurn(`synthesis.programs is ${programs}: too few to try strategies and to choose afterwards.`);
  }
  if (wanted === 0) return inTurn("verify.rows is 0, so no row is labeled to compare strategies on.");
  const data = await sample({ rows: Math.min(wanted, MOST_ROWS), seed });
  if (data === undefined) {
    return inTurn(
      "There was no table in data/ to draw rows from, so strategies were not compared. They are when one is there and the task is synthesized again.",
    );
  }
  const { labels, calls, stopped } = await labelDirectly(
    data.values,
    directTask(task),
    { model, seed, purpose: "verify" },
    ask,
  );
  if (stopped) throw stopped;
  const given = Int8Array.from(labels, (label) => label ?? ABSTAIN);
  const labeled = given.filter((label) => label !== ABSTAIN).length;
  const found = {
    file: data.file,
    model,
    rows: given.length,
    labeled,
    calls: calls.length,
    usd: calls.some(({ usd }) => usd === null) ? null : calls.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
  };
  if (labeled < FEWEST_ROWS) {
    return inTurn(
      `${model} gave only ${labeled} rows of the data a class: too few to compare strategies on.`,
      found,
    );
  }

  const { classes, runner, hardening } = screening;
  const votesOf = async (drafts: readonly Draft[]): Promise<TriedProgram[]> => {
    const sound = drafts.filter(({ reason }) => reason === undefined);
    const outcomes =
      sound.length === 0
        ? []
        : await runner.run({
            classes,
            programs: sound.map(({ id, source }) => ({
              id,
              language,
              source,
              hash: programHash(source, classes, language),
            })),
            columns: data.columns,
            hardening,
          });
    return drafts.map((draft) => ({
      id: draft.id,
      strategy: draft.strategy,
      votes: outcomes[sound.indexOf(draft)]?.votes,
    }));
  };
  const scores = scoreStrategies(await votesOf(tried), given, classes.length);
  return {
    choice: { inputs, sample: found, scores, ...chooseStrategies(scores, labeled, more), rejected: {} },
    judge: async (drafts) =>
      (await votesOf(drafts)).map((program) => chanceReason(program, given, classes.length)),
  };
}

const evenly = (programs: number): StrategyChoice["given"] => {
  const all = plannedPrograms({ programs, strategies: "auto" });
  return Object.fromEntries(
    TRIED.map((strategy) => [strategy, all.filter((one) => one.strategy === strategy).length]),
  );
};
