import { runInNewContext } from "node:vm";
import { ABSTAIN, unpackColumns } from "../../lib/contracts/columns.ts";
import type { ProgramFaults, ProgramRunner, RunnableProgram } from "../../lib/ports.ts";

type Label = (row: Record<string, unknown>) => unknown;

/** Runs programs that tests wrote themselves, uncontained. */
export function plainRunner(): ProgramRunner {
  return {
    run: async ({ classes, programs, columns }) => {
      const { rows, columns: unpacked } = unpackColumns(columns);
      const row = (index: number) =>
        Object.fromEntries(
          unpacked.map(({ name, kind, values }) => [
            name,
            kind === "json" ? JSON.parse(values[index]) : values[index],
          ]),
        );
      return programs.map((program) => {
        const votes = new Int8Array(rows).fill(ABSTAIN);
        const faults: ProgramFaults = { error: 0, badReturn: 0, timeout: 0, killed: 0, compile: 0 };
        const label = compiled(program);
        if (label === undefined) faults.compile = 1;
        for (let index = 0; label && index < rows; index++) {
          try {
            const answer = label(row(index));
            if (answer === null || answer === undefined) continue;
            votes[index] = classes.indexOf(answer as string);
            if (votes[index] < 0) faults.badReturn += 1;
          } catch {
            faults.error += 1;
          }
        }
        return { votes, faults, first: {}, cpuMs: 0 };
      });
    },
  };
}

function compiled({ source }: RunnableProgram): Label | undefined {
  try {
    const label: unknown = runInNewContext(`${source}\n;typeof label === "function" ? label : undefined`);
    return label as Label | undefined;
  } catch {
    return undefined;
  }
}
