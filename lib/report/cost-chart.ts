import type { Receipt } from "../contracts/receipt.ts";
import { type Html, html } from "./html.ts";
import { count, money, shortened } from "./numbers.ts";
import type { Drawing } from "./vote-charts.ts";

/** From how many rows on programs are cheaper than asking a model for each label; nothing where a price is unknown. */
export function breakEvenChart(
  { Plot, draw }: Pick<Drawing, "Plot" | "draw">,
  receipt: Receipt,
): Html | false {
  const { usd } = receipt.languageModel;
  const { rows } = receipt.data;
  const rivals = receipt.directLabeling.filter((direct) => direct.usd > 0);
  if (usd === null || usd === 0 || rivals.length === 0) return false;
  const most = Math.max(rows, ...rivals.map(({ breakEvenRows }) => breakEvenRows ?? 0)) * 3;
  const names = ["programs", ...rivals.map(({ model }) => `asking ${model}`)];
  const lines = [
    ...[1, most].map((at) => ({ name: names[0], rows: at, usd })),
    ...rivals.flatMap((direct, index) =>
      [1, most].map((at) => ({ name: names[index + 1], rows: at, usd: (direct.usd * at) / rows })),
    ),
  ];
  return draw({
    title: "Dollars by rows: programs, and asking for each label",
    says: rivals
      .map(
        ({ model, breakEvenRows }) =>
          `programs are cheaper than ${model} from ${count(breakEvenRows ?? 0)} rows on`,
      )
      .join(", "),
    legend: html`<ul class="legend">${names.map((name, index) => html`<li><i class="swatch c${index}"></i>${shortened(name, 40)}</li>`)}</ul>`,
    options: {
      height: 220,
      marginLeft: 60,
      color: { domain: names, range: names.map((_, index) => `var(--c${index})`) },
      x: { type: "log", label: "rows", ticks: 4, tickFormat: "~s", grid: true },
      y: { type: "log", label: null, ticks: 4, tickFormat: (value: number) => money(value), grid: true },
      marks: [
        Plot.line(lines, { x: "rows", y: "usd", stroke: "name", strokeWidth: 2 }),
        Plot.ruleX([rows], { stroke: "var(--faint)", strokeDasharray: "4 3" }),
      ],
    },
  });
}
