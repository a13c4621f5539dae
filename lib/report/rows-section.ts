import { posteriorOf } from "../aggregate/label-model.ts";
import { ABSTAIN } from "../contracts/columns.ts";
import type { NotableRow } from "../publish/notable-rows.ts";
import { type Html, html } from "./html.ts";
import { count, percent } from "./numbers.ts";
import type { Facts } from "./report-page.ts";

/** Rows that the page shows of each kind. */
const SHOWN = 24;
/** Classes of which a row shows the probability. */
const PROBABLE = 4;

const KINDS: Record<NotableRow["kind"], { title: string; about: string }> = {
  unsure: { title: "Least sure", about: "The two most probable classes are closest." },
  contested: { title: "Most contested", about: "The largest share of the votes is against the label." },
  unlabeled: { title: "Without a vote", about: "No program knew what to say." },
};

/** The rows that deserve a look, each with its votes. */
export function rowsSection(facts: Facts): Html {
  const { notes, receipt } = facts;
  const unsure = new Set(ofKind(facts, "unsure").map(({ row }) => row));
  const groups = (Object.keys(KINDS) as NotableRow["kind"][]).map((kind) => {
    const rows = ofKind(facts, kind).filter(({ row }) => kind !== "contested" || !unsure.has(row));
    return (
      rows.length > 0 &&
      html`<h3>${KINDS[kind].title}</h3><p class="faint">${KINDS[kind].about}</p><div class="rows">${rows.map((row) => articleOf(row, facts))}</div>`
    );
  });
  return html`<h2 id="rows">Rows worth a look</h2>
<p>A sample: of ${count(receipt.data.rows)} rows, ${count(notes.rows.length)} were kept while labels were written, by class, one for each combination of votes and the first in the file. Long rows are cut.</p>
${groups}`;
}

/** Of classes with most rows first. */
function ofKind({ notes, result }: Facts, kind: NotableRow["kind"]): NotableRow[] {
  return notes.rows
    .filter((row) => row.kind === kind)
    .sort(
      (one, other) =>
        (result.labels[other.label] ?? 0) - (result.labels[one.label] ?? 0) ||
        one.label - other.label ||
        one.rank - other.rank ||
        one.row - other.row,
    )
    .slice(0, SHOWN);
}

function articleOf(row: NotableRow, { set, result, task }: Facts): Html {
  const classes = task.classes.map(({ name }) => name);
  const probabilities = new Float64Array(classes.length);
  posteriorOf(result.model)(row.votes, probabilities);
  const probable = [...classes.keys()]
    .sort((one, other) => probabilities[other] - probabilities[one] || one - other)
    .slice(0, PROBABLE);
  const voters = Map.groupBy(set.programs.keys(), (program) => row.votes[program]);
  const silent = voters.get(ABSTAIN)?.length ?? 0;
  voters.delete(ABSTAIN);
  return html`<article><h4>Row ${count(row.row)}${row.id && html` · <bdi>${row.id}</bdi>`}${row.label !== ABSTAIN && html` · <bdi>${classes[row.label]}</bdi>`}</h4>
<dl>${row.cells.map(([name, text]) => html`<dt><bdi>${name}</bdi></dt><dd dir="auto">${text}</dd>`)}</dl>
${row.label !== ABSTAIN && html`<p class="votes">${probable.map((label, at) => html`${at > 0 && " · "}<bdi>${classes[label]}</bdi> ${percent(probabilities[label])}`)}</p>`}
<ul class="votes">${[...voters].map(([label, programs]) => html`<li><bdi>${classes[label]}</bdi>: ${programs.map((program, at) => html`${at > 0 && ", "}<code>${set.programs[program].id}</code>`)}</li>`)}<li>${count(silent)} of ${count(set.programs.length)} programs abstain</li></ul></article>
`;
}
