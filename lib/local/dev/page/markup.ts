import { html, trusted } from "../../../report/html.ts";
import { STYLE } from "../../../report/style.ts";

/** Scripts and styles come from files of this page alone, and nothing else is loaded. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** A report has no script; should one ever get in, it does not run. */
export const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The report's style, and what the page has besides. */
export const PAGE_STYLE = `${STYLE}
#drop{border:.15rem dashed var(--faint);border-radius:.5rem;padding:1rem;margin:1rem 0;background:var(--box)}
#drop.over{border-color:var(--c0);border-style:solid}
#drop label{display:block;margin:.5rem 0}
input,select{font:inherit;max-width:100%}
progress{width:100%;max-width:30rem;accent-color:var(--c0)}
.state{font-size:.875rem;font-weight:600;margin-left:.5rem}
.stages{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;margin:.35rem 0;font-size:.875rem}
#drop h2{border:0;margin:0;padding:0}
article{margin:.75rem 0}
article h4{margin:0 0 .35rem}
`;

/** The page as it is sent: all that changes is put into it by its script, as text. */
export const PAGE = html`${trusted("<!doctype html>")}
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>Alchemist on this machine</title><link rel="stylesheet" href="/page.css"><script src="/page.js" type="module"></script></head>
<body><main><h1>Alchemist on this machine</h1>
<p>A bucket, its queues and functions. Drop a task, and its data is labeled while you watch; nothing leaves this machine but what a language model is asked.</p>
<section id="drop" aria-labelledby="drop-title"><h2 id="drop-title">Drop a task folder or files here</h2>
<p>A task folder has task.yaml and data/. A data file that comes alone goes to the task chosen here.</p>
<label>Task for single data files <select id="task"></select></label>
<label>Files <input id="files" type="file" multiple></label>
<label>A task folder <input id="folder" type="file" webkitdirectory></label>
<div id="said" role="status" aria-live="polite"></div></section>
<h2>Tasks</h2>
<div id="tasks" aria-live="off"><p>None yet.</p></div>
<noscript><p>This page needs its script, which comes from this machine.</p></noscript></main></body></html>
`.markup;
