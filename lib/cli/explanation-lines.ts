import type { Explanation } from "../explain/explain.ts";
import type { Replay } from "../explain/replay.ts";

const count = (rows: number) => rows.toLocaleString("en");
/** Characters of a cell that a terminal gets; quoted, so that no row writes to the terminal what it likes. */
const MOST = 300;
const quoted = (text: string) =>
  JSON.stringify(text.length > MOST ? `${text.slice(0, MOST).toWellFormed()}…` : text).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Characters of a column's name that a terminal gets. */
const MOST_OF_NAME = 30;
const titled = (title: string, text: string, width: number) => `  ${title.padEnd(width)}  ${text}`;

/** Why a row has its label, for a terminal. */
export function explanationLines(task: string, explanation: Explanation, replay?: Replay): string[] {
  const { file, row, id, label, by, confidence, probabilities, labelModel, programs, cells, run } =
    explanation;
  const probable = Object.entries(probabilities)
    .sort(([, one], [, other]) => other - one)
    .slice(0, 5)
    .map(([name, probability]) => `${quoted(name)} ${probability}`);
  const titles = Object.keys(cells).map((name) => quoted(name).slice(1, -1));
  const wide = Math.max(11, ...titles.map((title) => Math.min(title.length, MOST_OF_NAME)));
  const line = (title: string, text: string) => titled(title.slice(0, MOST_OF_NAME), text, wide);
  const width = Math.max(7, ...programs.map((program) => program.id.length));
  return [
    `${task} · ${file} · row #${row}${id === null ? "" : ` · ${quoted(id)}`}`,
    ...Object.values(cells).map((text, index) => line(titles[index], quoted(text))),
    line(
      "label",
      label === null
        ? "none: every program abstained"
        : `${quoted(label)}${confidence === null ? "" : ` with confidence ${confidence}`}`,
    ),
    ...(by === null ? [] : [line("labeled by", by)]),
    line("posterior", probable.join(" · ")),
    line("label model", `${labelModel.name}, ${labelModel.hash}`),
    line("run", run),
    ...(replay ? [replayLine(replay, wide)] : []),
    "",
    `  ${"program".padEnd(width)}  ${"hash".padEnd(32)}  ${"accuracy".padStart(8)}  ${"weight".padStart(6)}  vote`,
    ...programs.map(
      ({ id: name, hash, vote, accuracy, weight }) =>
        `  ${name.padEnd(width)}  ${hash}  ${(accuracy?.toFixed(4) ?? "–").padStart(8)}  ${weight.toFixed(2).padStart(6)}  ${vote === null ? "abstains" : quoted(vote)}`,
    ),
  ];
}

/** What was made again, and that it is the same: a difference is an error. */
export const replayLine = ({ rows, votes, stopped, parts }: Replay, width = 11): string =>
  titled(
    "replay",
    `${count(rows)} row${rows === 1 ? "" : "s"}: ${count(votes)} votes cast again and ${count(parts)} part${parts === 1 ? "" : "s"} made again, byte-identical${stopped > 0 ? `; ${count(stopped)} votes are of programs that were stopped in their shard and cannot be compared` : ""}`,
    width,
  );
