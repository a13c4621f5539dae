import type { ProgramSet } from "../contracts/objects.ts";
import type { Receipt } from "../contracts/receipt.ts";
import type { GoldCounts } from "../evaluate/gold-counts.ts";
import { faultsTable } from "./faults-section.ts";
import { type Html, html } from "./html.ts";
import { count, percent } from "./numbers.ts";
import type { Facts } from "./report-page.ts";
import { agreementChart, type Drawing, votesChart } from "./vote-charts.ts";

/** Characters of sources that the page holds, shared by the programs. */
const SOURCES = 600_000;
const MOST_OF_A_SOURCE = 20_000;

/** Every program: what it does to the rows, and its source. */
export function programsSection({ receipt, set, notes, result }: Facts, drawing: Drawing): Html {
  const all = set.programs.length + set.rejected.length;
  const most = Math.min(MOST_OF_A_SOURCE, Math.floor(SOURCES / Math.max(1, all)));
  return html`<h2 id="programs">Programs</h2>
<div class="charts">${votesChart(drawing)}${set.programs.length > 1 && agreementChart(drawing)}</div>
${programTable(receipt, set, result.model, notes.gold)}
${faultsTable(receipt)}
<h3>Sources</h3>
${set.programs.map(({ id, source, origin }) => sourceOf(html`<code>${id}</code> <span class="faint">${originOf(origin)}</span>`, source, most))}
${set.rejected.map(({ id, source, reason }) => sourceOf(html`<code>${id}</code> did not join: <bdi>${reason}</bdi>`, source, most))}`;
}

function programTable(
  { programs, verdict }: Receipt,
  set: ProgramSet,
  model: Facts["result"]["model"],
  gold: GoldCounts | undefined,
): Html {
  const copyOf = (index: number) => {
    const original = model.name === "auto" ? model.copyOf[index] : -1;
    return original >= 0 && html` <span class="faint">nearly copies ${set.programs[original].id}</span>`;
  };
  const trueAccuracy = (index: number) => {
    const { votes, right } = gold?.programs[index] ?? { votes: 0, right: 0 };
    return gold && html`<td>${votes > 0 && `${percent(right / votes)}`}</td>`;
  };
  const sampled = new Map(verdict.programs.map((one) => [one.id, one]));
  const onSample = (id: string) => {
    const { votes, agreeing } = sampled.get(id) ?? { votes: 0, agreeing: 0 };
    return sampled.size > 0 && html`<td>${votes > 0 && `${count(agreeing)} of ${count(votes)}`}</td>`;
  };
  return html`<div class="wide" tabindex="0" role="group" aria-label="Programs in numbers"><table>
<thead><tr><th scope="col">program</th><th scope="col">coverage</th><th scope="col">overlap</th><th scope="col">conflict</th><th scope="col">estimated accuracy</th>${gold && html`<th scope="col">accuracy on gold</th>`}${sampled.size > 0 && html`<th scope="col">votes as the sample</th>`}<th scope="col">weight</th><th scope="col">failed on rows</th></tr></thead>
<tbody>${programs.map(
    ({ id, coverage, overlap, conflict, accuracy, weight, faults }, index) =>
      html`<tr><th scope="row"><code>${id}</code>${copyOf(index)}</th><td>${percent(coverage)}</td><td>${percent(overlap)}</td><td>${percent(conflict)}</td><td>${accuracy !== null && percent(accuracy)}</td>${trueAccuracy(index)}${onSample(id)}<td>${weight.toFixed(2)}</td><td>${count(Object.values(faults).reduce((sum, rows) => sum + rows, 0))}</td></tr>
`,
  )}</tbody></table></div>`;
}

const originOf = (origin: ProgramSet["programs"][number]["origin"]): string =>
  origin.kind === "file" ? `from ${origin.file}` : `written by the model, ${origin.strategy}`;

function sourceOf(title: Html, source: string, most: number): Html {
  const cut = source.length > most;
  return html`<details><summary>${title}</summary><pre dir="ltr"><code>${cut ? source.slice(0, most) : source}</code></pre>${cut && html`<p>Cut after ${count(most)} of ${count(source.length)} characters; the whole lies with the task’s programs.</p>`}</details>
`;
}
