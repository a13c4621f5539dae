import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { alchemist } from "../../lib/cli/alchemist.ts";

/** The command line in this process: its exit code and what it wrote. */
export async function cli(args: string[], environment: Record<string, string> = {}) {
  let stdout = "";
  let stderr = "";
  const code = await alchemist(args, environment, {
    stdout: {
      write: (text: string) => {
        stdout += text;
      },
    },
    stderr: {
      write: (text: string) => {
        stderr += text;
      },
    },
  });
  return { code, stdout, stderr };
}

/** A folder of files that goes with the test. */
export function folderOf(files: Record<string, string | Uint8Array>): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), "alchemist-test-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** A task that needs no model: three programs of the user's over five messages. */
export const ownTask = (
  more: Record<string, string | Uint8Array> = {},
): Record<string, string | Uint8Array> => ({
  "task.yaml": `name: mail
description: Decide whether a message is spam.
classes: { spam: unsolicited, ham: wanted }
input: { text: text, id: id, label: label }
synthesis: { programs: 0 }
`,
  "data/mails.csv": `id,text,label
1,free money,spam
2,"see you
at ten",ham
3,???,ham
4,you win,spam
5,free for lunch? see you,ham
`,
  "programs/free.js": 'function label(row) { return row.text.includes("free") ? "spam" : null; }',
  "programs/win.js": 'function label(row) { return row.text.includes("win") ? "spam" : null; }',
  "programs/see.js": 'function label(row) { return row.text.includes("see you") ? "ham" : null; }',
  ...more,
});

/** A copy of one of the project's examples, without what earlier runs left in it. */
export function exampleCopy(name: string): Disposable & { path: string } {
  const copy = folderOf({});
  const from = join(import.meta.dirname, "..", "..", "examples", name);
  cpSync(from, copy.path, { recursive: true, filter: (path) => !path.includes(".alchemist") });
  return copy;
}

/** The same task, with one program to be written by the model and none of the user's. */
export function askingTask(more: Record<string, string> = {}): Record<string, string | Uint8Array> {
  const files = { ...ownTask({ "task.yaml": ASKING, ...more }) };
  for (const name of ["free", "win", "see"]) delete files[`programs/${name}.js`];
  return files;
}

export const ASKING = String(ownTask()["task.yaml"]).replace("programs: 0", "programs: 1");
