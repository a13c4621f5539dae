import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { charts } from "./charts.ts";
import { type HumanFigures, KnownSets, type TaskFigures } from "./figures.ts";
import { measureHumans } from "./measure-humans.ts";
import { measureTask } from "./measure-task.ts";
import { resultsPage } from "./page.ts";

/** Everything that the results tell. */
interface Measured {
  examples: TaskFigures[];
  sets: KnownSets;
  missing: Record<string, string>;
}

/**
 * Measures the examples, and the sets whose folders are given; of other sets the known figures stay.
 *
 * @param tell hears what is being measured, and what is missing
 */
export async function measureResults(
  examplesFolder: string,
  known: KnownSets,
  { data, replies }: { data?: string; replies?: string },
  tell: (line: string) => void,
): Promise<Measured> {
  const missing: Record<string, string> = {};
  const measured = async (folder: string): Promise<TaskFigures[]> => {
    const found: TaskFigures[] = [];
    for (const name of taskFoldersIn(folder)) {
      const figures = await measureTask(join(folder, name));
      if (typeof figures === "string") missing[name] = figures;
      else found.push(figures);
      tell(typeof figures === "string" ? `${name}: left out, ${figures}` : `${name}: ${told(figures)}`);
    }
    return found;
  };
  const examples = await measured(examplesFolder);
  const sets = replies === undefined ? [] : await measured(replies);
  const humans = data === undefined ? [] : await measureHumans(data, replies);
  for (const { name, synthesized } of humans) {
    tell(`${name}: human-written functions, ${typeof synthesized === "string" ? synthesized : "and ours"}`);
  }
  return {
    examples,
    sets: {
      tasks: renewed<TaskFigures>(known.tasks, sets),
      humans: renewed<HumanFigures>(known.humans, humans),
    },
    missing,
  };
}

/** The documents' files by their path in docs/. */
export function resultFiles({ examples, sets, missing }: Measured): Record<string, string> {
  const tasks = [...examples, ...sets.tasks];
  const pictures = charts(tasks, sets.humans);
  const page = resultsPage({
    tasks,
    humans: sets.humans,
    elsewhere: new Set(sets.tasks.map(({ name }) => name)),
    missing: Object.fromEntries(
      Object.entries(missing).filter(([name]) => tasks.every((task) => task.name !== name)),
    ),
    charts: Object.keys(pictures),
  });
  return {
    "results.md": page,
    "results/sets.json": `${JSON.stringify(KnownSets.parse(sets), null, 1)}\n`,
    ...Object.fromEntries(Object.entries(pictures).map(([name, svg]) => [`results/${name}`, svg])),
  };
}

const taskFoldersIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "task.yaml")))
    .sort();

const told = ({ rows, all, strategies }: TaskFigures): string => {
  const without = Object.entries(strategies).flatMap(([name, found]) =>
    typeof found === "string" ? [`${name}: ${found}`] : [],
  );
  return [`${rows.toLocaleString("en")} rows, ${all.programs} programs`, ...without].join(", ");
};

/** What is known, with what was measured now in its place. */
function renewed<T extends { name: string }>(known: readonly T[], now: readonly T[]): T[] {
  const names = new Set(now.map(({ name }) => name));
  return [...known.filter(({ name }) => !names.has(name)), ...now].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}
