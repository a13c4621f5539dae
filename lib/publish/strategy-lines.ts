import type { Receipt } from "../contracts/receipt.ts";
import { dollars } from "../prices/prices.ts";
import { cell } from "./markdown.ts";

/** In Markdown, of `strategies: auto`: what was tried, how it did, and what the rest of the programs was spent on. */
export function strategyLines({ strategies }: Pick<Receipt, "strategies">): string[] {
  if (strategies === undefined) return [];
  const { sample, scores, given, reason, rejected } = strategies;
  const spent = Object.entries(given)
    .filter(([, programs]) => programs > 0)
    .map(([strategy, programs]) => `${strategy} ${programs}`)
    .join(", ");
  return [
    "## Strategies",
    "",
    `${cell(reason)} Programs asked for after the trial: ${spent || "none"}.`,
    ...(sample
      ? [
          "",
          `Tried on ${sample.labeled} rows of ${cell(sample.file)} that ${cell(sample.model)} labeled (${sample.calls} calls, ${sample.usd === null ? "at an unknown price" : dollars(sample.usd)}; the verdict uses the same replies). A sample that chose the strategies flatters them a little: agreement on other rows is expected to be lower.`,
        ]
      : []),
    ...(scores.length > 0
      ? [
          "",
          "| strategy | programs tried | votes | agreeing | by lot | errors | shared with others | score |",
          "|---|---:|---:|---:|---:|---:|---:|---:|",
          ...scores.map(
            (one) =>
              `| ${cell(one.strategy)} | ${one.programs} | ${one.votes} | ${one.agreeing} | ${one.byLot.toFixed(1)} | ${one.errors} | ${one.sharedErrors} | ${one.score.toFixed(3)} |`,
          ),
        ]
      : []),
    ...(Object.keys(rejected).length > 0
      ? ["", ...Object.entries(rejected).map(([id, why]) => `- ${cell(id)} did not join: ${cell(why)}.`)]
      : []),
    "",
  ];
}
