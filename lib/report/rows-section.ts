import { posteriorOf } from "../aggregate/label-model.ts";
import { ABSTAIN } from "../contracts/columns.ts";
import type { NotableRow } from "../publish/notable-rows.ts";
import { type Html, html } from "./html.ts";
import { count, percent } from "./numbers.ts";
import { pictureOf } from "./picture.ts";
import type { Facts } from "./report-page.ts";
import { shownRows } from "./shown-rows.ts";

/** Classes of which a row shows the probability. */
const PROBABLE = 4;

const KINDS: Record<NotableRow["kind"], { title: string; about: string }> = {
  unsure: { title: "Least sure", about: "The two most probable classes are closest." },
  contested: { title: "Most contested", about: "The largest share of the votes is against the label." },
  unlabeled: { title: "Without a vote", about: "No program knew what to say." },
};

/** The rows that deserve a look, each with its votes. */
export function rowsSection(facts: Facts): Html {
  const { notes, receipt, result } = facts;
  const shown = shownRows(notes.rows, result.labels);
  const groups = (Object.keys(KINDS) as NotableRow["kind"][]).map((kind) => {
    const rows = shown[kind];
    return (
      rows.length > 0 &&
      html`<h3>${KINDS[kind].title}</h3><p class="faint">${KINDS[kind].about}</p>${[...Map.groupBy(rows, ({ label }) => label)].map(([label, ofClass]) => html`${label !== ABSTAIN && html`<h4>Labeled <bdi>${facts.task.classes[label].name}</bdi></h4>`}<div class="rows">${ofClass.map((row) => articleOf(row, facts))}</div>`)}`
    );
  });
  return html`<h2 id="rows">Rows worth a look</h2>
<p>A sample: of ${count(receipt.data.rows)} rows, ${count(notes.rows.length)} were kept while labels were written, by class, one for each combination of votes and the first in the file. Long rows are cut.</p>
${groups}`;
}

const WHOSE = { endModel: "by the end model", model: "by a language model" } as const;

function articleOf(row: NotableRow, { set, result, task, pictures }: Facts): Html {
  const picture = pictures?.get(row.row);
  const classes = task.classes.map(({ name }) => name);
  const probabilities = new Float64Array(classes.length);
  posteriorOf(result.model)(row.votes, probabilities);
  const probable = [...classes.keys()]
    .sort((one, other) => probabilities[other] - probabilities[one] || one - other)
    .slice(0, PROBABLE);
  const voters = Map.groupBy(set.programs.keys(), (program) => row.votes[program]);
  const silent = voters.get(ABSTAIN)?.length ?? 0;
  voters.delete(ABSTAIN);
  return html`<article><h5>Row ${count(row.row)}${row.id && html` · <bdi>${row.id}</bdi>`}${row.label !== ABSTAIN && html` · <bdi>${classes[row.label]}</bdi>`}${row.source && html` <span class="faint">${WHOSE[row.source]}</span>`}</h5>
${picture && pictureOf(picture)}<dl>${row.cells.map(([name, text]) => html`<dt><bdi>${name}</bdi></dt><dd dir="auto">${text}</dd>`)}</dl>
${row.label !== ABSTAIN && html`<p class="votes">${row.source && "Label model: "}${probable.map((label, at) => html`${at > 0 && " · "}<bdi>${classes[label]}</bdi> ${percent(probabilities[label])}`)}</p>`}
<ul class="votes">${[...voters].map(([label, programs]) => html`<li><bdi>${classes[label]}</bdi>: ${programs.map((program, at) => html`${at > 0 && ", "}<code>${set.programs[program].id}</code>`)}</li>`)}<li>${count(silent)} of ${count(set.programs.length)} programs abstain</li></ul></article>
`;
}
