import type { Verdict } from "../contracts/verdict.ts";
import { wilson } from "../verify/wilson.ts";
import { type Html, html } from "./html.ts";
import { count, interval, money, percent } from "./numbers.ts";
import type { Facts } from "./report-page.ts";

/** What to do, by verdict. */
const ADVICE = {
  programs: "Use the labels: the programs label these rows as the sample's labeler does, within the margin.",
  hybrid:
    "Have a model label the rows that the programs are least certain of, and use the others as they are.",
  direct:
    "Do not use these labels as they are: programs save too little here, or know nothing of these rows.",
  none: "Nobody has checked these labels against anything yet.",
} as const;

/** Classes that are told of in words. */
const IN_WORDS = 3;

/** Whether the programs can be trusted with these rows, and what says so. */
export function verdictSection({ receipt: { verdict } }: Facts): Html {
  const name = verdict.verdict ?? "none";
  return html`<section class="verdict ${name}" aria-labelledby="verdict"><h2 id="verdict">Verdict: ${name}</h2>
<p><strong>${ADVICE[name]}</strong></p>
<p><bdi>${verdict.reason}</bdi></p>
${verdict.agreement !== null && evidence(verdict)}</section>`;
}

function evidence(verdict: Verdict): Html {
  const { agreement, agreementWhereLabeled, chance, compared, sampled, by, model, cost } = verdict;
  const labeler = by === "gold" ? "the gold column" : `${model}, ${costOf(cost)}`;
  return html`${agreement && gauge(agreement, verdict.margin)}
<ul><li>Compared: ${count(compared)} of ${count(sampled)} rows drawn at random, labeled by <bdi>${labeler}</bdi>.</li>
${agreementWhereLabeled && html`<li>Where programs gave a label: ${interval(agreementWhereLabeled)} of ${count(agreementWhereLabeled.rows)} rows.</li>`}
${chance !== null && html`<li>By lot it would be ${percent(chance)}.</li>`}
${byClassInWords(verdict)}</ul>
<p class="faint">${
    by === "gold"
      ? "The sample was compared with the gold column, so agreement is accuracy on it."
      : "Agreement with a model is not accuracy: the model errs too, and where both err alike nobody sees it."
  }</p>
<details><summary>Agreement by class</summary>${byClass(verdict)}</details>`;
}

/** Agreement on a line from 0 to 1: its interval, itself, and what the margin asks for. */
function gauge({ share, low, high }: NonNullable<Verdict["agreement"]>, margin: number): Html {
  const at = (part: number) => (10 + 320 * part).toFixed(1);
  const says = `Agreement ${percent(share)}, 95 % interval ${percent(low)} to ${percent(high)}; the margin asks for ${percent(1 - margin)}`;
  return html`<figure><figcaption>${says}</figcaption><svg role="img" aria-label="${says}" width="340" height="40" viewBox="0 0 340 40"><path d="M10 20H330" stroke="var(--line)" stroke-width="6" stroke-linecap="round"></path><path d="M${at(low)} 20H${at(high)}" stroke="var(--c0)" stroke-width="6" stroke-linecap="round"></path><circle cx="${at(share)}" cy="20" r="7" fill="var(--c0)"></circle><path d="M${at(1 - margin)} 8V32" stroke="var(--text)" stroke-dasharray="3 2" stroke-width="2"></path></svg></figure>`;
}

/** The classes that the sample has most of and the programs find least. */
function byClassInWords({ classes }: Verdict): Html | false {
  const missed = classes
    .filter(({ sample, both }) => sample > both)
    .sort((one, other) => other.sample - other.both - (one.sample - one.both))
    .slice(0, IN_WORDS);
  return (
    missed.length > 0 &&
    html`<li>Most often labeled otherwise: ${missed.map(({ name, sample, both }, at) => html`${at > 0 && "; "}<bdi>${name}</bdi>, ${count(sample - both)} of its ${count(sample)} rows`)}.</li>`
  );
}

const byClass = ({ classes, compared }: Verdict): Html =>
  html`<div class="wide" tabindex="0" role="group" aria-label="Agreement by class"><table>
<thead><tr><th scope="col">class</th><th scope="col">rows of the sample</th><th scope="col">labeled so by the programs</th><th scope="col">both</th><th scope="col">found, with interval</th></tr></thead>
<tbody>${classes
    .filter(({ sample, programs }) => sample + programs > 0)
    .map(
      ({ name, sample, programs, both }) =>
        html`<tr><th scope="row"><bdi>${name}</bdi></th><td>${count(sample)}</td><td>${count(programs)}</td><td>${count(both)}</td><td>${sample > 0 && interval(wilson(both, sample))}</td></tr>
`,
    )}</tbody></table></div><p class="faint">Of ${count(compared)} compared rows.</p>`;

const costOf = ({ calls, usd, estimated }: Verdict["cost"]): string =>
  `${count(calls)} calls, ${usd === null ? "at an unknown price" : money(usd)}${estimated ? ", tokens estimated" : ""}`;
