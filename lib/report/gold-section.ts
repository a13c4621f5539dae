import type { GoldCounts } from "../evaluate/gold-counts.ts";
import { metricsOf } from "../evaluate/metrics.ts";
import { confusionChart, reliabilityChart } from "./gold-charts.ts";
import { type Html, html } from "./html.ts";
import { count, percent } from "./numbers.ts";
import type { Facts } from "./report-page.ts";
import type { Drawing } from "./vote-charts.ts";

/** Labels against gold, where the data has any: what was measured, beside what was estimated. */
export function goldSection({ notes, receipt }: Facts, drawing: Drawing): Html | false {
  const { gold } = notes;
  if (gold === undefined) return false;
  const { classes } = drawing;
  const metrics = metricsOf(
    { classes: classes.length, confusion: Float64Array.from(gold.confusion.flat()) },
    classes,
  );
  if (metrics.rows === 0) return false;
  const used = receipt.labelModel.goldRows !== undefined || receipt.endModel?.choice !== undefined;
  const say = used
    ? "The task's own gold file had a say in the labels, this column had none."
    : "No gold label had a say in the labels.";
  return html`<h2 id="gold">Against gold labels</h2>
<p>${count(metrics.rows)} rows have a gold label that is a class of the task. ${say} Accuracy ${percent(metrics.accuracy)}, macro-F1 ${percent(metrics.macroF1)}; a row without a label counts as wrong.${strangers(gold)}</p>
<div class="charts">${reliabilityChart(drawing, gold)}${confusionChart(drawing, gold)}</div>
<details><summary>Precision, recall and F1 by class</summary><div class="wide" tabindex="0" role="group" aria-label="Metrics by class"><table>
<thead><tr><th scope="col">class</th><th scope="col">precision</th><th scope="col">recall</th><th scope="col">F1</th><th scope="col">rows</th></tr></thead>
<tbody>${classes.map((name) => {
    const { precision, recall, f1, support } = metrics.classes[name];
    return html`<tr><th scope="row"><bdi>${name}</bdi></th><td>${percent(precision)}</td><td>${percent(recall)}</td><td>${percent(f1)}</td><td>${count(support)}</td></tr>
`;
  })}</tbody></table></div></details>`;
}

const strangers = ({ strangers: rows }: GoldCounts): string =>
  rows > 0 ? ` ${count(rows)} gold values are no class of the task and were left out.` : "";
