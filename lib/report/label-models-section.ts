import type { ComparedModel } from "../aggregate/compare-models.ts";
import { type Html, html } from "./html.ts";
import { count, percent } from "./numbers.ts";
import type { Facts } from "./report-page.ts";

/** Classes that get a column of their own. */
const COLUMNS = 5;

/** The chosen label model, and what the others make of the same votes. */
export function labelModelsSection({ task, receipt, result }: Facts): Html {
  const { compared = [] } = result;
  const { name: chosen, patterns, goldRows } = receipt.labelModel;
  const gold = goldRows ? `gold labels of ${count(goldRows)} rows calibrated it` : "no gold label was used";
  const shown = [...task.classes.keys()]
    .sort((one, other) => result.labels[other] - result.labels[one] || one - other)
    .slice(0, COLUMNS);
  const rowOf = (model: ComparedModel): Html =>
    "problem" in model
      ? html`<td class="text" colspan="${2 + shown.length}"><bdi>${model.problem}</bdi></td>`
      : html`<td>${model.name !== chosen && percent(model.alike)}</td><td>${percent(model.confidence)}</td>${shown.map((label) => html`<td>${percent(model.shares[label])}</td>`)}`;
  return html`<h2 id="label-models">Label model: ${chosen}</h2>
<p>Fitted to ${count(patterns)} vote patterns; ${gold}. ${differ(compared, chosen)}</p>
${
  compared.length > 0 &&
  html`<div class="wide" tabindex="0" role="group" aria-label="Label models"><table>
<thead><tr><th scope="col">label model</th><th scope="col">labels as the chosen one</th><th scope="col">mean confidence</th>${shown.map((label) => html`<th scope="col"><bdi>${task.classes[label].name}</bdi></th>`)}</tr></thead>
<tbody>${compared.map(
    (model) =>
      html`<tr><th scope="row">${model.name === chosen ? html`<strong>${model.name}</strong>, chosen` : model.name}</th>${rowOf(model)}</tr>
`,
  )}</tbody></table></div>
<p class="faint">Shares are of the rows with a vote${task.classes.length > COLUMNS && `, for the ${COLUMNS} most frequent of ${count(task.classes.length)} classes`}. Of many vote patterns an even sample is compared.</p>`
}`;
}

/** Where label models agree, the choice hardly matters; where they do not, it does. */
function differ(compared: readonly ComparedModel[], chosen: string): string {
  const others = compared.flatMap((model) =>
    "alike" in model && model.name !== chosen ? [{ name: model.name, alike: model.alike }] : [],
  );
  if (others.length === 0) return "";
  const least = others.reduce((one, other) => (other.alike < one.alike ? other : one));
  return least.alike >= NEARLY_ALL
    ? "The others label nearly every row alike, so the choice matters little here."
    : `Of the others, ${least.name} differs most: it labels ${percent(1 - least.alike)} of the rows otherwise.`;
}

/** Share of rows from which on two models are said to label nearly every row alike. */
const NEARLY_ALL = 0.99;
