import { ProgramId } from "../contracts/names.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { Strategy } from "../contracts/task-schema.ts";

/** A program to ask for: the `number`-th, from 1, of its strategy. */
export interface PlannedProgram {
  id: ProgramId;
  strategy: Strategy;
  number: number;
}

/**
 * The programs to ask for, divided evenly over the strategies in order. A program is the same request
 * whatever the number of programs, so asking for more or fewer pays for none twice.
 */
export function plannedPrograms({ programs, strategies }: TaskFile["synthesis"]): PlannedProgram[] {
  const distinct = [...new Set(strategies)];
  return distinct.flatMap((strategy, index) => {
    const share = Math.floor(programs / distinct.length) + (index < programs % distinct.length ? 1 : 0);
    return Array.from({ length: share }, (_, place) => ({
      id: ProgramId.parse(`${strategy}-${String(place + 1).padStart(2, "0")}`),
      strategy,
      number: place + 1,
    }));
  });
}

/** Position of a call among all that a task can make: `number` 0 asks for the strategy's knowledge. */
export const callNumber = ({ strategy, number }: Pick<PlannedProgram, "strategy" | "number">): number =>
  1_000 * Strategy.options.indexOf(strategy) + number;

/** The planned programs' strategies that first ask for knowledge, in order. */
export const knowledgeStrategies = (planned: readonly PlannedProgram[]): Exclude<Strategy, "general">[] => [
  ...new Set(planned.flatMap(({ strategy }) => (strategy === "general" ? [] : [strategy]))),
];
