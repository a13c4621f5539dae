import { ProgramId } from "../contracts/names.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { Strategy } from "../contracts/task-schema.ts";
import { KNOWLEDGE } from "./knowledge-kinds.ts";

/** A program to ask for: the `number`-th, from 1, of its strategy. */
export interface PlannedProgram {
  id: ProgramId;
  strategy: Strategy;
  number: number;
}

/** What `strategies: auto` tries, in this order. */
export const TRIED: readonly Strategy[] = ["general", "description", "exemplars", "keywords", "rules"];

/**
 * The programs to ask for, divided evenly over the strategies in order. A program is the same request
 * whatever the number of programs, so asking for more or fewer pays for none twice.
 */
export function plannedPrograms({
  programs,
  strategies,
}: Pick<TaskFile["synthesis"], "programs" | "strategies">): PlannedProgram[] {
  const distinct = [...new Set(strategies === "auto" ? TRIED : strategies)];
  return distinct.flatMap((strategy, index) => {
    const share = Math.floor(programs / distinct.length) + (index < programs % distinct.length ? 1 : 0);
    return Array.from({ length: share }, (_, place) => plannedProgram(strategy, place + 1));
  });
}

const plannedProgram = (strategy: Strategy, number: number): PlannedProgram => ({
  id: ProgramId.parse(`${strategy}-${String(number).padStart(2, "0")}`),
  strategy,
  number,
});

/** The next program of a strategy that is not planned yet, and whose id nobody has. */
export function nextProgram(
  strategy: Strategy,
  planned: readonly PlannedProgram[],
  taken: readonly ProgramId[],
): PlannedProgram {
  const numbers = planned.flatMap((one) => (one.strategy === strategy ? [one.number] : []));
  for (let number = Math.max(0, ...numbers) + 1; ; number++) {
    const next = plannedProgram(strategy, number);
    if (!taken.includes(next.id)) return next;
  }
}

/** Position of a call among all that a task can make: `number` 0 asks for the strategy's knowledge. */
export const callNumber = ({ strategy, number }: Pick<PlannedProgram, "strategy" | "number">): number =>
  1_000 * Strategy.options.indexOf(strategy) + number;

/** A strategy that first asks for knowledge. */
export type StudiedStrategy = keyof typeof KNOWLEDGE;

export const isStudied = (strategy: Strategy): strategy is StudiedStrategy => strategy in KNOWLEDGE;

/** The planned programs' strategies that first ask for knowledge, in order. */
export const knowledgeStrategies = (planned: readonly PlannedProgram[]): StudiedStrategy[] => [
  ...new Set(planned.map(({ strategy }) => strategy).filter(isStudied)),
];
