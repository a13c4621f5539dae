import { breakEvenChart } from "./cost-chart.ts";
import { type Html, html } from "./html.ts";
import { count, money } from "./numbers.ts";
import type { Facts } from "./report-page.ts";
import type { Drawing } from "./vote-charts.ts";

/** What the programs cost, and what asking a model for each label would. */
export function costSection({ receipt }: Facts, drawing: Drawing): Html {
  const { languageModel, directLabeling } = receipt;
  const { calls, inputTokens, outputTokens, estimated, usd, prices } = languageModel;
  const byPurpose = [...Map.groupBy(calls, ({ purpose, model }) => `${purpose}, ${model}`)];
  const notes = new Set(
    calls.flatMap(({ note, recorded }) => (note ? [`${recorded.slice(0, 10)}: ${note}`] : [])),
  );
  const sumOf = (key: "inputTokens" | "outputTokens", of: typeof calls) =>
    count(of.reduce((sum, call) => sum + call[key], 0));
  return html`<h2 id="cost">Cost</h2>
${calls.length === 0 && html`<p>No model was asked.</p>`}
${
  calls.length > 0 &&
  html`<p>${count(calls.length)} calls, ${count(inputTokens)} tokens in, ${count(outputTokens)} out${estimated && " (estimated)"}: ${money(usd)} at prices of ${prices.asOf}.</p>
<div class="wide" tabindex="0" role="group" aria-label="Calls"><table><thead><tr><th scope="col">calls for</th><th scope="col">calls</th><th scope="col">tokens in</th><th scope="col">tokens out</th></tr></thead><tbody>${byPurpose.map(([what, of]) => html`<tr><th scope="row">${what}</th><td>${count(of.length)}</td><td>${sumOf("inputTokens", of)}</td><td>${sumOf("outputTokens", of)}</td></tr>`)}</tbody></table></div>`
}
${[...notes].map((note) => html`<p class="faint">Replies recorded on <bdi>${note}</bdi></p>`)}
${
  directLabeling.length > 0 &&
  html`<ul>${directLabeling.map(({ model, usd: direct, breakEvenRows }) => html`<li>To have ${model} label each row: ${money(direct)}${breakEvenRows !== null && `; programs are cheaper from ${count(breakEvenRows)} rows on`}.</li>`)}</ul>`
}
<div class="charts">${breakEvenChart(drawing, receipt)}</div>`;
}
