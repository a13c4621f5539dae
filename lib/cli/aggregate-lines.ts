import type { AggregatedVotes } from "../aggregate/vote-file.ts";
import type { Metrics } from "../evaluate/metrics.ts";

const count = (rows: number) => rows.toLocaleString("en");
const share = (value: number | null) => (value === null ? "–" : value.toFixed(4));
const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const line = (title: string, text: string) => `  ${title.padEnd(13)}${text}`;

/** More classes than this are not listed one by one. */
const FEW = 8;

/** What `alchemist aggregate` prints: the result as a whole, then a line a program. */
export function aggregateLines(file: string, result: AggregatedVotes, out?: string): string[] {
  const { model, classes, rows, patterns, coverage, conflict, balance, programs, metrics, warnings } = result;
  const shares = classes.slice(0, FEW).map((name, label) => `${name} ${percent(balance[label])}`);
  if (classes.length > FEW) shares.push(`… ${classes.length - FEW} more`);
  return [
    `${file} · ${count(rows)} rows × ${programs.length} programs`,
    out === undefined
      ? line("not written", "--out labels.csv writes each row's label, --out FILE.json everything")
      : line("written", out),
    line("label model", `${model} on ${count(patterns)} vote patterns`),
    line("coverage", `${share(coverage)} of the rows have a vote, ${share(conflict)} have votes in conflict`),
    line("classes", `${shares.join(" · ")} (estimated)`),
    ...(metrics ? qualityLines(result, metrics) : []),
    ...warnings.map(({ message, remedy }) => line("warning", `${message} ${remedy}`)),
    "",
    ...programLines(programs),
  ];
}

function qualityLines(
  { model, classes }: AggregatedVotes,
  metrics: NonNullable<AggregatedVotes["metrics"]>,
): string[] {
  const both = ({ accuracy, macroF1 }: Pick<Metrics, "accuracy" | "macroF1">) =>
    `accuracy ${share(accuracy)} · macro-F1 ${share(macroF1)}`;
  const ofClasses =
    classes.length > FEW ? [] : classes.map((name) => ` · F1 ${name} ${share(metrics.classes[name].f1)}`);
  return [
    line(
      "quality",
      `${both(metrics)}${ofClasses.join("")} (${model}, ${count(metrics.rows)} rows with gold and a vote)`,
    ),
    line("majority", both(metrics.majority)),
  ];
}

function programLines(programs: AggregatedVotes["programs"]): string[] {
  const width = Math.max(7, ...programs.map(({ name }) => name.length));
  const columns = ["coverage", "overlap", "conflict", "accuracy", "weight"] as const;
  return [
    `  ${"program".padEnd(width)}${columns.map((column) => column.padStart(10)).join("")}`,
    ...programs.map((program) => {
      const cells = columns.map((column) =>
        (column === "weight" ? program.weight.toFixed(2) : share(program[column])).padStart(10),
      );
      return `  ${program.name.padEnd(width)}${cells.join("")}`;
    }),
  ];
}
