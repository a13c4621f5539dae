import { LabelModelName } from "../../lib/contracts/label-models.ts";
import { Strategy } from "../../lib/contracts/task-schema.ts";
import { dollars } from "../../lib/prices/prices.ts";
import { wilson } from "../../lib/verify/wilson.ts";
import type { HumanFigures, Quality, SetFigures, TaskFigures } from "./figures.ts";

/** Whether there are figures, not the reason why there are none. */
export const isFigures = (found: SetFigures | string | undefined): found is SetFigures =>
  typeof found === "object";

const count = (value: number) => value.toLocaleString("en");
const share = (value: number) => value.toFixed(3);

const table = (header: string[], rows: string[][]): string =>
  [header, header.map((_, index) => (index === 0 ? "---" : "---:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

/** How a task is called in a table. */
export type Named = (name: string) => string;

/** The paper's Table 1. */
export function costTable(tasks: readonly TaskFigures[], named: Named): string {
  const rows = tasks.map(({ name, rows, cost, sample, verdict, all }) => {
    const direct = cost?.direct[0];
    const usd = cost?.usd ?? null;
    return [
      named(name),
      count(rows),
      direct ? `${dollars(direct.usd)} (${direct.model})` : "–",
      usd === null ? "replies missing" : `${dollars(usd)} (${cost?.calls} calls)`,
      direct && usd ? `${(direct.usd / usd).toFixed(1)}×` : "–",
      direct?.breakEvenRows ? count(direct.breakEvenRows) : "–",
      sample ? ofSample(sample.direct, sample.rows) : "not asked",
      sample ? ofSample(sample.programs, sample.rows) : "–",
      share(all.auto.accuracy),
      verdict ?? "not verified",
    ];
  });
  const header =
    "task|rows|zero-shot, dollars|programs, dollars|ratio|cheaper from, rows|zero-shot, accuracy on a sample|programs, the same rows|programs, all rows|verdict";
  return table(header.split("|"), rows);
}

function ofSample(right: number, rows: number): string {
  const { low, high } = wilson(right, rows);
  return `${share(right / rows)} (${share(low)}–${share(high)}, ${rows} rows)`;
}

/** The paper's Table 3. */
export function strategyTable(tasks: readonly TaskFigures[], named: Named): string {
  const used = Strategy.options.filter((one) => tasks.some(({ strategies }) => one in strategies));
  const more = tasks.flatMap(({ strategies }) => Object.keys(strategies));
  const columns = [...new Set([...used, ...more])];
  const cell = (found: SetFigures | string | undefined) =>
    isFigures(found) ? `${ofQuality(found.auto)}, ${found.programs} programs` : (found ?? "not asked for");
  const rows = tasks.map(({ name, strategies, all }) => [
    named(name),
    ...columns.map((strategy) => cell(strategies[strategy])),
    cell(all),
  ]);
  return table(["task", ...columns, "all"], rows);
}

const ofQuality = ({ accuracy, macroF1, coverage }: Quality): string =>
  `${share(accuracy)} / ${share(macroF1)} (${share(coverage)})`;

/** The paper's Table 4. */
export function modelTable(tasks: readonly TaskFigures[], named: Named): string {
  const rows = tasks.map(({ name, models, all }) => [
    named(name),
    String(all.programs),
    ...LabelModelName.options.map((model) => share(models[model].accuracy)),
  ]);
  return table(["task", "programs", ...LabelModelName.options], rows);
}

/** The paper's Table 8. */
export function humanTable(humans: readonly HumanFigures[]): string {
  if (humans.length === 0)
    return "Not measured: no votes of human-written functions are shipped. Give `--data DIR`.";
  const line = (name: string, who: string, found: SetFigures) => [
    name,
    who,
    String(found.programs),
    count(found.rows),
    share(found.programCoverage),
    share(found.programAccuracy),
    share(found.auto.coverage),
    share(found.conflict),
    share(found.majority.accuracy),
    `${share(found.auto.accuracy)} / ${share(found.auto.macroF1)}`,
    share(found.auto.accuracy / found.auto.coverage),
  ];
  const rows = humans.flatMap(({ name, human, synthesized }) => [
    line(name, "people", human),
    isFigures(synthesized)
      ? line(name, "a model", synthesized)
      : [name, "a model", synthesized, ...Array.from({ length: 8 }, () => "–")],
  ]);
  const header =
    "set †|written by|functions|rows|coverage of one|accuracy of one|rows with a vote|rows in conflict|majority, all rows|`auto`, all rows / macro-F1|`auto`, rows with a vote";
  return table(header.split("|"), rows);
}

/** The paper's Figure 5, as numbers. */
export function countTable(tasks: readonly TaskFigures[], named: Named): string {
  const sizes = [...new Set(tasks.flatMap(({ counts }) => counts.map(({ programs }) => programs)))].sort(
    (one, other) => one - other,
  );
  const rows = tasks.map(({ name, counts }) => [
    named(name),
    ...sizes.map((size) => {
      const found = counts.find(({ programs }) => programs === size);
      if (!found) return "";
      const isWhole = found === counts[counts.length - 1];
      return isWhole ? share(found.mean) : `${share(found.mean)} ± ${share(found.deviation)}`;
    }),
  ]);
  return table(["task", ...sizes.map(String)], rows);
}

/** What was made again, byte for byte. */
export function replayTable(tasks: readonly TaskFigures[], named: Named): string {
  const rows = tasks.map(({ name, replay }) => [
    named(name),
    ...(replay
      ? [count(replay.rows), count(replay.votes), count(replay.stopped)]
      : ["replies missing", "–", "–"]),
  ]);
  return table(["task", "rows", "votes", "of programs that had been stopped"], rows);
}
