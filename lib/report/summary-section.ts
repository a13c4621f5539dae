import type { Receipt } from "../contracts/receipt.ts";
import { type Html, html } from "./html.ts";
import { count, money, percent } from "./numbers.ts";
import type { Facts } from "./report-page.ts";
import { verdictSection } from "./verdict-section.ts";

/** What the labels are, in numbers, and what to know before one trusts them. */
export function summarySection(facts: Facts): Html {
  const { task, receipt, result } = facts;
  const { data, labels, languageModel, labelModel } = receipt;
  const rejected = Object.values(data.rejected).reduce((sum, { rows }) => sum + rows, 0);
  const { covered } = result.statistics;
  const numbers: [string, string][] = [
    ["rows", count(data.rows)],
    ["with a vote", `${count(labels.covered)} (${percent(labels.coverage)})`],
    ["without a label", count(labels.unlabeled)],
    ["programs disagree", percent(covered > 0 ? result.overview.conflicting / covered : 0)],
    ["rows not usable", count(rejected)],
    ["programs", count(receipt.programs.length)],
    ["label model", labelModel.name],
    ["vote patterns", count(labelModel.patterns)],
    ["the programs cost", languageModel.calls.length === 0 ? "nothing" : money(languageModel.usd)],
  ];
  return html`<p><bdi>${task.description}</bdi></p>
<p>These labels were made by programs that a language model or a person wrote, not by people reading the rows. A label model weighed the programs’ votes; confidence is its estimate, not a measured accuracy.</p>
${verdictSection(facts)}
${warnings(receipt.warnings)}
<dl class="numbers">${numbers.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p><a href="receipt.json">receipt.json</a> has every number, <a href="card.md">card.md</a> the short form${rejected > 0 && html`, <a href="rejected.jsonl">rejected.jsonl</a> the rows that could not be used`}.</p>`;
}

const warnings = (all: Receipt["warnings"]): Html =>
  all.length === 0
    ? html`<p>No warnings.</p>`
    : html`<h2 id="warnings">Warnings</h2><ul class="warnings">${all.map(({ message, remedy }) => html`<li><strong><bdi>${message}</bdi></strong> <bdi>${remedy}</bdi></li>`)}</ul>`;
