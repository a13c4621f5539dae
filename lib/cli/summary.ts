import { LEAST_ROWS_TO_CHOOSE } from "../contracts/gold.ts";
import type { Receipt } from "../contracts/receipt.ts";
import type { Evaluation } from "../evaluate/evaluate.ts";
import type { Tally } from "../local/tally.ts";
import { dollars } from "../prices/prices.ts";

const count = (rows: number) => rows.toLocaleString("en");
const share = (value: number) => value.toFixed(4);
const line = (title: string, text: string) => `  ${title.padEnd(15)}${text}`;

/** What a run made and cost, for a terminal. */
export function receiptLines(task: string, labelsFolder: string, receipt: Receipt): string[] {
  const { data, labels, labelModel, endModel, programs, languageModel } = receipt;
  const labeled = data.rows - labels.unlabeled;
  const rejected = Object.values(data.rejected).reduce((sum, { rows }) => sum + rows, 0);
  const classes = Object.entries(labels.classes).map(
    ([name, rows]) =>
      `${name} ${count(rows)}${labeled > 0 ? ` (${((100 * rows) / labeled).toFixed(1)} %)` : ""}`,
  );
  const shownClasses =
    classes.length > 8 ? [...classes.slice(0, 8), `… ${classes.length - 8} more`] : classes;
  return [
    `${task} · ${data.file}`,
    line(
      "labels",
      `${labelsFolder}/part-*.${labels.format} (${labels.parts} part${labels.parts === 1 ? "" : "s"})`,
    ),
    line(
      "rows",
      `${count(data.rows)} read, ${count(labeled)} labeled${rejected > 0 ? `, ${count(rejected)} rejected (see rejected.jsonl)` : ""}`,
    ),
    line("coverage", share(labels.coverage)),
    line("classes", shownClasses.join(" · ")),
    line(
      "label model",
      `${labelModel.name} on ${count(labelModel.patterns)} vote patterns of ${programs.length} programs${labelModel.goldRows ? `, calibrated by gold labels of ${count(labelModel.goldRows)} rows` : ""}`,
    ),
    ...(endModel
      ? [
          line(
            "end model",
            `${endModel.name} on ${count(endModel.trainedOn)} rows, agrees with the label model on ${(100 * endModel.agreement).toFixed(1)} % of ${count(endModel.heldOut)} held out; ${count(endModel.alone)} rows labeled by it alone, ${count(endModel.changed)} changed${endModel.choice && endModel.choice.rows >= LEAST_ROWS_TO_CHOOSE ? `; of ${count(endModel.choice.rows)} rows with gold ${chosen[endModel.choice.labeler]}` : ""}`,
          ),
        ]
      : []),
    line("programs cost", costOf(languageModel)),
    ...receipt.directLabeling.map((direct) =>
      line(
        "directly",
        `${dollars(direct.usd)} to have ${direct.model} label each row${direct.breakEvenRows === null ? "" : `; programs are cheaper from ${count(direct.breakEvenRows)} rows on`}`,
      ),
    ),
    ...(receipt.strategies ? [line("strategies", receipt.strategies.reason)] : []),
    ...verdictLines(receipt),
    ...receipt.warnings.map(({ message, remedy }) => line("warning", `${message} ${remedy}`)),
  ];
}

/** What gold said of the two models. */
const chosen = {
  both: "none labels clearly more right than both models together",
  endModel: "the end model alone labels more right, and labels all",
  labelModel: "the label model alone labels more right, and labels all with a vote",
};

function verdictLines({ verdict, residual }: Receipt): string[] {
  const cost = verdict.cost.calls === 0 ? "" : ` (${verdict.cost.calls} calls, ${moneyOf(verdict.cost.usd)})`;
  const lines = [line("verdict", `${verdict.verdict ? `${verdict.verdict}. ` : ""}${verdict.reason}${cost}`)];
  if (residual) {
    lines.push(
      line(
        "by the model",
        `${count(residual.rows)} of ${count(residual.candidates)} uncertain rows, ${moneyOf(residual.cost.usd)} of ${dollars(residual.capUsd)}. ${residual.stopped}`,
      ),
    );
  }
  return lines;
}

const moneyOf = (usd: number | null): string => (usd === null ? "at an unknown price" : dollars(usd));

function costOf({
  calls,
  inputTokens,
  outputTokens,
  estimated,
  usd,
  prices,
}: Receipt["languageModel"]): string {
  if (calls.length === 0) return "nothing: no model was asked";
  const notes = [...new Set(calls.flatMap(({ note }) => note ?? []))];
  const money = usd === null ? "at an unknown price" : `${dollars(usd)} at prices of ${prices.asOf}`;
  return `${money}: ${calls.length} calls, ${count(inputTokens)} tokens in, ${count(outputTokens)} out${estimated ? " (estimated)" : ""}${notes.length > 0 ? `\n${" ".repeat(17)}replies: ${notes.join("; ")}` : ""}`;
}

/** Accuracy and F1 beside majority vote's, where the data has gold. */
export function evaluationLines(evaluation: Evaluation | undefined): string[] {
  if (!evaluation) return [];
  const { rows, column, strangers, chosen, majority, final } = evaluation;
  if (rows === 0) return [line("quality", `no row has a gold label in the column ${JSON.stringify(column)}`)];
  const quality = (metrics: Evaluation["chosen"]) =>
    `accuracy ${share(metrics.accuracy)} · macro-F1 ${share(metrics.macroF1)}${
      Object.keys(metrics.classes).length <= 6
        ? Object.entries(metrics.classes)
            .map(([name, { f1 }]) => ` · F1 ${name} ${share(f1)}`)
            .join("")
        : ""
    }`;
  const note = `${count(rows)} rows with gold; a row without a label counts as wrong`;
  return [
    ...(final
      ? [
          line("quality", `${quality(final)} (${evaluation.labelModel} and end model, ${note})`),
          line("programs only", `${quality(chosen)} (${evaluation.labelModel})`),
        ]
      : [line("quality", `${quality(chosen)} (${evaluation.labelModel}, ${note})`)]),
    line("majority", quality(majority)),
    ...(strangers.rows > 0
      ? [
          line(
            "gold",
            `${count(strangers.rows)} gold values are no class of the task and were left out, such as ${strangers.examples.map((value) => JSON.stringify(value)).join(", ")}`,
          ),
        ]
      : []),
  ];
}

/** What this run itself did. */
export function tallyLine({
  calls,
  replayed,
  usd,
  votesComputed,
  votesReused,
  rowsPublished,
}: Tally): string {
  const model = `${count(calls)} model calls (${dollars(usd)}), ${count(replayed)} replies replayed`;
  const votes = `${count(votesComputed)} votes computed, ${count(votesReused)} found`;
  const done =
    calls === 0 && votesComputed === 0 ? (rowsPublished === 0 ? "nothing to do: " : "no new votes: ") : "";
  return line("this run", `${done}${model} · ${votes}`);
}
