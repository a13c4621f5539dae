import type { Receipt } from "../contracts/receipt.ts";
import { type Html, html } from "./html.ts";
import { count } from "./numbers.ts";

type Reason = keyof Receipt["programs"][number]["faults"];

const REASONS: Record<Reason, string> = {
  error: "it threw an error",
  badReturn: "it returned something that is no class",
  timeout: "it took too long",
  killed: "it had to be killed",
  compile: "it does not compile",
};

/** Rows on which programs failed instead of voting: how many, why, and the first of them to look at. */
export function faultsTable({ programs }: Pick<Receipt, "programs">): Html {
  const faults = programs.flatMap(({ id, faults: of, firstFault, dropped }) =>
    (Object.keys(REASONS) as Reason[])
      .filter((reason) => of[reason] > 0)
      .map((reason) => ({ id, reason, rows: of[reason], first: firstFault[reason], dropped })),
  );
  if (faults.length === 0) return html`<p>No program failed on any row.</p>`;
  return html`<h3 id="faults">Rows on which programs failed</h3>
<div class="wide" tabindex="0" role="group" aria-label="Failures"><table>
<thead><tr><th scope="col">program</th><th scope="col">rows</th><th scope="col">first row</th><th scope="col" class="text">reason</th></tr></thead>
<tbody>${faults.map(
    ({ id, reason, rows, first, dropped }) =>
      html`<tr><th scope="row"><code>${id}</code></th><td>${count(rows)}</td><td>${first !== undefined && count(first)}</td><td class="text">${REASONS[reason]}${dropped && "; none of its votes counts"}</td></tr>
`,
  )}</tbody></table></div>`;
}
