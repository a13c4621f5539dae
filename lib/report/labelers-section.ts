import type { Receipt } from "../contracts/receipt.ts";
import { type Html, html } from "./html.ts";
import { count, money, percent } from "./numbers.ts";
import type { Facts } from "./report-page.ts";

/** Who labeled what besides the label model: the end model, and a language model on rows that were sent to it. */
export function labelersSection({ receipt }: Facts): Html | false {
  const { endModel, residual } = receipt;
  if (endModel === undefined && residual === null) return false;
  return html`<h2 id="labelers">End model and uncertain rows</h2>
${endModel && endModelOf(endModel, receipt.features)}
${residual && residualOf(residual)}`;
}

const endModelOf = (model: NonNullable<Receipt["endModel"]>, features: Receipt["features"]): Html =>
  html`<h3>End model: ${model.name}</h3>
<p>It learned from the label model’s labels of ${count(model.trainedOn)} rows, and from no gold label. Of ${count(model.heldOut)} rows first held out it labeled ${percent(model.agreement)} as the label model does.</p>
${features && html`<p>It sees of a picture the embedding by <bdi>${features.model.name}</bdi>, whose numbers have no names. What it makes of pictures is seen in <a href="#rows">rows worth a look</a>, and what it hangs on by <code>alchemist evaluate --stress</code>.</p>`}
<ul><li>Alone, where no program voted: ${count(model.alone)} rows.</li><li>Together with the votes, changing their label: ${count(model.changed)} rows.</li></ul>
<p><a href="end-model.json">end-model.json</a> is the whole model, <a href="end-model.mjs">end-model.mjs</a> uses it.</p>`;

function residualOf(residual: NonNullable<Receipt["residual"]>): Html {
  const { candidates, rows, changed, expectedGain, expectedGainPerUsd, reached, stopped, cost } = residual;
  const perDollar = expectedGainPerUsd !== null && `, ${count(Math.round(expectedGainPerUsd))} a dollar`;
  return html`<h3>Uncertain rows sent to <bdi>${residual.model}</bdi></h3>
<p>Of ${count(candidates)} rows that the programs are not certain of, the model labeled ${count(rows)}, ${count(changed)} of them otherwise than the programs. The label model expected ${expectedGain.toFixed(1)} labels to be mended by that${perDollar}.</p>
<ul><li>It cost ${money(cost.usd)} of at most ${money(residual.capUsd)}, in ${count(cost.calls)} calls.</li>
<li>It ended${reached !== null && ` at a confidence of ${reached.toFixed(3)}`}: <bdi>${stopped}</bdi></li></ul>`;
}
