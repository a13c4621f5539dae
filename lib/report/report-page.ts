import { createHash } from "node:crypto";
import type { AggregateResult } from "../aggregate/aggregate-result.ts";
import type { ProgramSet } from "../contracts/objects.ts";
import type { Receipt } from "../contracts/receipt.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { BatchNotes } from "../publish/batch-notes.ts";
import type { ShownPicture } from "../publish/shown-pictures.ts";
import { costSection } from "./cost-section.ts";
import { drawing } from "./draw.ts";
import { driftSection } from "./drift-section.ts";
import { goldSection } from "./gold-section.ts";
import { type Html, html, trusted } from "./html.ts";
import { labelModelsSection } from "./label-models-section.ts";
import { labelersSection } from "./labelers-section.ts";
import { count } from "./numbers.ts";
import { programsSection } from "./programs-section.ts";
import { rowsSection } from "./rows-section.ts";
import { STYLE } from "./style.ts";
import { summarySection } from "./summary-section.ts";
import { classChart, confidenceChart, type Drawing } from "./vote-charts.ts";

/** What a finished run left: all that its report is made of. */
export interface Facts {
  task: Pick<TaskFile, "name" | "description" | "classes">;
  receipt: Receipt;
  set: ProgramSet;
  result: AggregateResult;
  notes: BatchNotes;
  /** Of an image task: pictures by the row's number. */
  pictures?: ReadonlyMap<number, ShownPicture>;
}

/** Nothing is loaded and nothing runs: no script, no image but one inside the page, no style but this one. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; img-src data:; base-uri 'none'; form-action 'none'`;

/**
 * report.html: one page without scripts that shows a run. Of the same run it has the same bytes, so what a run measures of
 * time stays in the receipt; its size does not grow with the rows.
 */
export async function reportPage(facts: Facts): Promise<string> {
  const { task, receipt, set, result } = facts;
  const title = `${task.name}: pseudolabels of ${receipt.data.file}`;
  const charts: Drawing = {
    ...(await drawing()),
    programs: set.programs.map(({ id }) => id),
    classes: task.classes.map(({ name }) => name),
    result,
    labels: task.classes.map(({ name }) => receipt.labels.classes[name] ?? 0),
  };
  const sections = [
    { id: "drift", title: "Drift", section: driftSection(facts) },
    { id: "labels", title: "Labels", section: labelsSection(facts, charts) },
    { id: "labelers", title: "End model and uncertain rows", section: labelersSection(facts) },
    { id: "label-models", title: "Label models", section: labelModelsSection(facts) },
    { id: "gold", title: "Against gold labels", section: goldSection(facts, charts) },
    { id: "programs", title: "Programs", section: programsSection(facts, charts) },
    { id: "rows", title: "Rows worth a look", section: rowsSection(facts) },
    { id: "cost", title: "Cost", section: costSection(facts, charts) },
  ].filter(({ section }) => section !== false);
  return html`${trusted("<!doctype html>")}
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><link rel="icon" href="data:,"><title>${title}</title><style>${trusted(STYLE)}</style></head>
<body><main><h1><bdi>${title}</bdi></h1>
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${summarySection(facts)}
${sections.map(({ section }) => section)}
<p class="faint">Program set ${set.hash}; receipt.json names the run.</p></main></body></html>
`.markup;
}

function labelsSection({ task, receipt }: Facts, charts: Drawing): Html {
  const { labels } = receipt;
  return html`<h2 id="labels">Labels</h2>
<div class="charts">${classChart(charts)}${labels.covered > 0 && confidenceChart(charts)}</div>
<details><summary>What the classes mean</summary><div class="wide" tabindex="0" role="group" aria-label="Classes"><table><thead><tr><th scope="col">class</th><th scope="col" class="text">meaning</th><th scope="col">rows</th></tr></thead>
<tbody>${task.classes.map(
    ({
      name,
      description,
    }) => html`<tr><th scope="row"><bdi>${name}</bdi></th><td class="text"><bdi>${description}</bdi></td><td>${count(labels.classes[name] ?? 0)}</td></tr>
`,
  )}</tbody></table></div></details>`;
}
