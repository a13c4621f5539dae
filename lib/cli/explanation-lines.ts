import type { Explanation } from "../explain/explain.ts";
import type { Replay } from "../explain/replay.ts";

const count = (rows: number) => rows.toLocaleString("en");
const line = (title: string, text: string) => `  ${title.padEnd(13)}${text}`;
/** Characters of a cell that a terminal gets; quoted, so that no row writes to the terminal what it likes. */
const MOST = 300;
const quoted = (text: string) =>
  JSON.stringify(text.length > MOST ? `${text.slice(0, MOST).toWellFormed()}…` : text).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Why a row has its label, for a terminal. */
export function explanationLines(task: string, explanation: Explanation, replay?: Replay): string[] {
  const { file, row, id, label, by, confidence, probabilities, labelModel, programs, cells, run } =
    explanation;
  const probable = Object.entries(probabilities)
    .sort(([, one], [, other]) => other - one)
    .slice(0, 5)
    .map(([name, probability]) => `${quoted(name)} ${probability}`);
  const width = Math.max(7, ...programs.map((program) => program.id.length));
  return [
    `${task} · ${file} · row #${row}${id === null ? "" : ` · ${quoted(id)}`}`,
    ...Object.entries(cells).map(([name, text]) => line(name.slice(0, 12), quoted(text))),
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
    ...(replay ? [replayLine(replay)] : []),
    "",
    `  ${"program".padEnd(width)}  ${"hash".padEnd(32)}  ${"accuracy".padStart(8)}  ${"weight".padStart(6)}  vote`,
    ...programs.map(
      ({ id: name, hash, vote, accuracy, weight }) =>
        `  ${name.padEnd(width)}  ${hash}  ${(accuracy?.toFixed(4) ?? "–").padStart(8)}  ${weight.toFixed(2).padStart(6)}  ${vote === null ? "abstains" : quoted(vote)}`,
    ),
  ];
}

/** What was made again, and that it is the same: a difference is an error. */
export const replayLine = ({ rows, votes, stopped, parts }: Replay): string =>
  line(
    "replay",
    `${count(rows)} row${rows === 1 ? "" : "s"}: ${count(votes)} votes cast again and ${count(parts)} part${parts === 1 ? "" : "s"} made again, byte-identical${stopped > 0 ? `; ${count(stopped)} votes are of programs that were stopped in their shard and cannot be compared` : ""}`,
  );
