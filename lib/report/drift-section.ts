import { type Html, html } from "./html.ts";
import { count, percent } from "./numbers.ts";
import type { Facts } from "./report-page.ts";

/** What the programs do otherwise than on the data that they labeled first. */
export function driftSection({ receipt, task, set }: Facts): Html | false {
  const { drift } = receipt;
  if (drift === undefined) return false;
  const isProgram = new Set<string>(set.programs.map(({ id }) => id));
  const outcomes = [...task.classes.map(({ name }) => name), "abstains"];
  const share = (counts: readonly number[], at: number) =>
    percent(counts[at] / counts.reduce((sum, rows) => sum + rows, 0));
  return html`<h2 id="drift">Drift</h2>
<p>Compared with the ${count(drift.rows)} rows of <bdi>${drift.file}</bdi>, which these programs labeled first. Listed is what differs by more than chance and by enough to matter; divergence is that of Jensen and Shannon, from 0 to 0.69.</p>
<div class="wide" tabindex="0" role="group" aria-label="What differs"><table>
<thead><tr><th scope="col">what</th><th scope="col">divergence</th><th scope="col" class="text">outcome</th><th scope="col">then</th><th scope="col">now</th></tr></thead>
<tbody>${drift.findings.map(({ what, divergence, before, now }) => {
    const at = largestChange(before, now);
    const outcome = isProgram.has(what) ? outcomes[at] : at === 0 ? "yes" : "no";
    return html`<tr><th scope="row">${what}</th><td>${divergence.toFixed(3)}</td><td class="text"><bdi>${outcome}</bdi></td><td>${share(before, at)}</td><td>${share(now, at)}</td></tr>
`;
  })}</tbody></table></div>`;
}

/** The outcome whose share changed most. */
function largestChange(before: readonly number[], now: readonly number[]): number {
  const all = (counts: readonly number[]) => counts.reduce((sum, rows) => sum + rows, 0);
  const changes = before.map((rows, at) => Math.abs(rows / all(before) - now[at] / all(now)));
  return changes.indexOf(Math.max(...changes));
}
