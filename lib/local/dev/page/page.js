// The script of the page of `alchemist dev`. Names and messages are somebody's: they only ever become text.

import { filesOf, isOfTask, isTaskFile, looseOf, sendTask, sent } from "./send.js";

const byId = (id) => document.getElementById(id);

/** An element with attributes and children; strings become text. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

function say(text) {
  const lines = byId("said");
  lines.append(element("p", {}, text));
  while (lines.childElementCount > 8) lines.firstElementChild.remove();
}

const labelsOf = (task, file, name) =>
  `/labels/${encodeURIComponent(task)}/${encodeURIComponent(file)}/${name}`;

const STATES = { waiting: "waiting for the task", working: "working", ready: "ready", refused: "refused" };

function fileArticle(task, file) {
  const stages = Object.entries(file.stages).map(([stage, text]) => element("li", {}, `${stage}: ${text}`));
  const isReady = file.state === "ready";
  return element(
    "article",
    { "data-state": file.state },
    element("h4", {}, element("bdi", {}, file.file), element("span", { class: "state" }, STATES[file.state])),
    element("progress", {
      max: "1",
      value: String(file.done),
      "aria-label": `Published rows of ${file.file}`,
    }),
    element("ul", { class: "stages" }, ...stages),
    file.problem && element("p", {}, element("strong", {}, file.problem)),
    isReady && links(task, file),
  );
}

function links(task, file) {
  const link = (name, text) => element("a", { href: labelsOf(task, file.name, name) }, text);
  const missing = [!file.report && "report.html", !file.receipt && "receipt.json"].filter(Boolean);
  return element(
    "p",
    {},
    file.report && link("report.html", "Open the report"),
    " ",
    file.receipt && link("receipt.json", "Receipt"),
    missing.length > 0 &&
      element(
        "span",
        {},
        ` ${missing.join(" and ")} is missing: drop the data again to have it written anew.`,
      ),
  );
}

function taskSection({ name, programs, problem, files }) {
  return element(
    "section",
    {},
    element("h3", {}, element("bdi", {}, name)),
    programs && element("p", { class: "faint" }, programs),
    problem && element("p", {}, element("strong", {}, problem)),
    ...files.map((file) => fileArticle(name, file)),
  );
}

/** The task that single data files go to: the last one that was dropped or chosen. */
let current = "";
byId("task").addEventListener("change", ({ target }) => {
  current = target.value;
});

let shown = "";
function show(tasks) {
  const text = JSON.stringify(tasks);
  if (text === shown) return;
  shown = text;
  // A link that has the focus is drawn anew, and keeps it.
  const focused = document.activeElement?.getAttribute("href");
  const sections = tasks.map(taskSection);
  byId("tasks").replaceChildren(...(sections.length > 0 ? sections : [element("p", {}, "None yet.")]));
  if (focused) {
    for (const link of byId("tasks").querySelectorAll("a")) {
      if (link.getAttribute("href") === focused) link.focus();
    }
  }
  const select = byId("task");
  const names = tasks.map(({ name }) => name);
  if ([...select.options].map(({ value }) => value).join("/") === names.join("/")) return;
  select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
  if (names.includes(current)) select.value = current;
}

/** @param all {path, file}, paths from where they were dropped; what is hidden was not meant */
async function drop(all) {
  try {
    const files = all.filter(({ path }) => !/(^|\/)\./.test(path));
    const taskFile = files
      .filter(({ path }) => isTaskFile(path.split("/").at(-1)))
      .sort((one, other) => one.path.split("/").length - other.path.split("/").length)[0];
    if (taskFile === undefined) return await dropData(files);
    const root = taskFile.path.slice(0, taskFile.path.lastIndexOf("/") + 1);
    const name = encodeURIComponent(taskFile.path.slice(root.length));
    const { task } = await sent("POST", `/task?name=${name}`, taskFile.file);
    current = task;
    if ([...byId("task").options].some(({ value }) => value === task)) byId("task").value = task;
    const inside = files
      .filter(({ path }) => path.startsWith(root))
      .map(({ path, file }) => ({ path: path.slice(root.length), file }))
      // Beside a task file that was dropped alone, data and programs lie without their folders.
      .map(({ path, file }) => ({ path: isOfTask(path) || root !== "" ? path : looseOf(path), file }));
    const ofTask = inside.filter(({ path }) => isOfTask(path));
    say(await sendTask(task, ofTask));
  } catch (error) {
    say(error.message);
  }
}

async function dropData(files) {
  const task = byId("task").value;
  if (task === "") return say("There is no task yet. Drop its task.yaml first, or the whole folder.");
  const inside = files.map(({ path, file }) => ({ path: isOfTask(path) ? path : looseOf(path), file }));
  say(await sendTask(task, inside));
}

const zone = byId("drop");
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
}
document.addEventListener("dragleave", () => zone.classList.remove("over"));
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  zone.classList.remove("over");
  // All at once: what was dropped can be asked for no longer than the event lasts.
  const found = [...event.dataTransfer.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => {
      const entry = item.webkitGetAsEntry();
      const file = item.getAsFile();
      return entry ? filesOf(entry) : [{ path: file.name, file }];
    });
  const files = (await Promise.all(found)).flat();
  if (files.length > 0) await drop(files);
});
for (const id of ["files", "folder"]) {
  byId(id).addEventListener("change", async ({ target }) => {
    const files = [...target.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
    target.value = "";
    if (files.length > 0) await drop(files);
  });
}

new EventSource("/events").addEventListener("message", ({ data }) => show(JSON.parse(data)));
