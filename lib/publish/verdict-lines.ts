import type { Receipt } from "../contracts/receipt.ts";
import type { CallSum, Share } from "../contracts/verdict.ts";
import { dollars } from "../prices/prices.ts";
import { cell } from "./markdown.ts";

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const withInterval = ({ share, low, high }: Share) =>
  `${percent(share)} (${percent(low)} to ${percent(high)})`;

/** The verdict in Markdown, with what it rests on. */
export function verdictLines({ verdict, residual }: Pick<Receipt, "verdict" | "residual">): string[] {
  const { agreement, agreementWhereLabeled, compared, sampled, by, model } = verdict;
  const routed = residual
    ? [
        "",
        `${residual.rows} of ${residual.candidates} uncertain rows have the label of ${cell(residual.model)}, ${residual.changed} of them another than the programs'. The label model expected to mend ${residual.expectedGain.toFixed(1)} labels by that${residual.expectedGainPerUsd === null ? "" : `, ${Math.round(residual.expectedGainPerUsd).toLocaleString("en")} a dollar`} (${costOf(residual.cost)}). It stopped${residual.reached === null ? "" : ` at a confidence of ${residual.reached.toFixed(3)}`}: ${cell(residual.stopped)}`,
      ]
    : [];
  if (agreement === null) return ["## Verdict: none", "", cell(verdict.reason), ...routed];
  return [
    `## Verdict: ${verdict.verdict}`,
    "",
    cell(verdict.reason),
    "",
    by === "gold"
      ? "The sample was compared with the gold column, so agreement is accuracy on it."
      : "Agreement with a model is not accuracy: the model errs too, and where both err alike nobody sees it. The programs' accuracy is within the share of disagreeing rows of the model's, whatever that is.",
    "",
    `- Compared: ${compared} of ${sampled} rows drawn at random, labeled by ${by === "gold" ? "the gold column" : `${cell(model ?? "")} (${costOf(verdict.cost)})`}.`,
    `- Agreement, a row without a label counting as none: ${withInterval(agreement)}; by lot it would be ${percent(verdict.chance ?? 0)}.`,
    ...(agreementWhereLabeled
      ? [
          `- Agreement where programs gave a label: ${withInterval(agreementWhereLabeled)} of ${agreementWhereLabeled.rows} rows.`,
        ]
      : []),
    `- Of all rows ${percent(verdict.coverage)} have a vote, and ${percent(verdict.conflict)} votes for different classes.`,
    "",
    "| class | rows of the sample | labeled so by the programs | both |",
    "|---|---:|---:|---:|",
    ...verdict.classes
      .filter(({ sample, programs }) => sample + programs > 0)
      .map(({ name, sample, programs, both }) => `| ${cell(name)} | ${sample} | ${programs} | ${both} |`),
    ...routed,
  ];
}

const costOf = ({ calls, usd, estimated }: CallSum): string =>
  `${calls} calls, ${usd === null ? "at an unknown price" : dollars(usd)}${estimated ? ", tokens estimated" : ""}`;
