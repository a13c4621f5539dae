// How the page of `alchemist dev` sends what is dropped on it.

export const isTaskFile = (path) => /^(task\.ya?ml|task\.json)$/.test(path);
export const isOfTask = (path) => isTaskFile(path) || /^(data|programs|replies)\//.test(path);

export async function sent(method, url, body) {
  const response = await fetch(url, { method, body });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.message ?? `The server answered ${response.status}.`);
  return answer;
}

const put = (task, path, body) =>
  sent("PUT", `/inbox/${[task, ...path.split("/")].map(encodeURIComponent).join("/")}`, body);

/** What waits for something comes before what it waits for: replies, programs, the task, data, marks of folders. */
const ORDER = [/^replies\//, /^programs\//, /^task\./, /^data\//];
const rank = ({ path }) => ORDER.findIndex((pattern) => pattern.test(path));

const depth = ({ path }) => path.split("/").length;

/** Sends a task's files. Pictures that lie in a folder start when its mark is there, or with a table that names them. */
export async function sendTask(task, files) {
  const ordered = files.toSorted((one, other) => rank(one) - rank(other) || depth(other) - depth(one));
  for (const { path, file } of ordered) await put(task, path, file);
  const isTable = ordered.some(({ path }) => /^data\/[^/]+\.(csv|tsv|tab|jsonl|ndjson)(\.gz)?$/i.test(path));
  const folders = new Set(
    isTable ? [] : ordered.flatMap(({ path }) => /^data\/[^/]+\/(?=.)/.exec(path) ?? []),
  );
  for (const folder of folders) await put(task, `${folder}_SUCCESS`, "");
  return `${task}: ${ordered.length} ${ordered.length === 1 ? "file" : "files"} dropped.`;
}

/** Where a file belongs that was dropped without its folder. */
export const looseOf = (path) => `${/\.(js|py)$/i.test(path) ? "programs" : "data"}/${path}`;

/** Files of a dropped folder, with their paths. */
export async function filesOf(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.slice(1), file }];
  }
  if (entry.name.startsWith(".")) return [];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await filesOf(one)));
  }
}
