import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ChatRequest, chatServer, completion } from "../support/chat-server.ts";
import { folderOf } from "../support/cli.ts";
import { fenced } from "../support/scripted-model.ts";
import { commandsIn, documents } from "./doc-commands.ts";
import { NOT_RUN, RUN } from "./run-or-not.ts";

const root = join(import.meta.dirname, "..", "..");
const written = documents().flatMap((document) =>
  commandsIn(document).map((command) => ({ document, command })),
);
const run = promisify(execFile);

describe("every command in the documents", () => {
  const clone = folderOf({});
  let server: Awaited<ReturnType<typeof chatServer>>;

  beforeAll(async () => {
    server = await chatServer(answer);
    cloneInto(clone.path);
    const [yaml] = /(?<=```yaml\n)name: tickets\n[\s\S]*?(?=```)/.exec(
      readFileSync(join(root, "README.md"), "utf8"),
    ) ?? [""];
    put("my-task/task.yaml", yaml);
    put("my-task/data/tickets.csv", ticketsFrom(4_700));
    put("tomorrow.csv", ticketsFrom(5_000));
    put("votes.csv", "one,two,three\nspam,spam,\nham,spam,ham\nham,ham,ham\n");
    cpSync(join(clone.path, "examples/emoji"), join(clone.path, "my-pictures"), { recursive: true });
    cpSync(join(clone.path, "examples/emoji/pixels"), join(clone.path, "my-pixels"), { recursive: true });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    clone[Symbol.dispose]();
  });

  const put = (file: string, text: string) => {
    mkdirSync(dirname(join(clone.path, file)), { recursive: true });
    writeFileSync(join(clone.path, file), text);
  };

  it("is run here or listed with the reason why not", () => {
    const known = [...RUN.map(([command]) => command), ...Object.values(NOT_RUN).flat()];
    expect(written.filter(({ command }) => !known.includes(command))).toEqual([]);
    expect(known.filter((command) => !written.some((one) => one.command === command))).toEqual([]);
  });

  it.each(RUN)("ends well: %s", { timeout: 300_000 }, async (command, as = command) => {
    await run("bash", ["-c", as], {
      cwd: clone.path,
      maxBuffer: 64 * 1_024 * 1_024,
      env: {
        HOME: clone.path,
        PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`,
        OPENAI_BASE_URL: server.baseUrl,
      },
    });
  });

  it("left what the README says it leaves", () => {
    // The last command forgot it all; the run of pictures has the same files.
    expect(existsSync(join(clone.path, "my-task/.alchemist"))).toBe(false);
    const labels = readdirSync(join(clone.path, "my-pictures/.alchemist/outbox/labels/emoji"));
    expect(labels.sort()).toEqual(
      ["_SUCCESS", "card.md", "part-00000.jsonl", "receipt.json", "rejected.jsonl", "report.html"].sort(),
    );
  });
});

/** The project as it would be committed now, with the packages that are installed. */
function cloneInto(folder: string): void {
  const files = execFileSync("git", ["ls-files", "-coz", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of files.split("\0").filter((name) => name !== "" && existsSync(join(root, name)))) {
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
}

const ticketsFrom = (first: number): string =>
  [
    "ticket_id,message",
    ...Array.from(
      { length: 40 },
      (_, index) => `${first + index},${MESSAGES[index % MESSAGES.length]} (${index})`,
    ),
    "",
  ].join("\n");

const MESSAGES = [
  "Please refund my last invoice",
  "The app shows error 500 when I log in",
  "Do you also sell mugs?",
  "My payment went through twice",
  "The server is down since this morning",
];

/** A model that answers what it is asked for: notes, labels of rows, or a program that is like no other. */
function answer({ body: { messages } }: ChatRequest) {
  const asked = (messages as { content: string }[])[1].content;
  const rows = /^(\d+) rows, one a line/m.exec(asked)?.[1];
  if (rows !== undefined) {
    const labels = Array.from({ length: Number(rows) }, (_, index) => ({ row: index + 1, class: "other" }));
    return completion({ content: JSON.stringify({ labels }) });
  }
  if (asked.includes("# What to write")) return completion({ content: "Invoices are about billing." });
  const name = /This is ([\w-]+)/.exec(asked)?.[1];
  return completion({
    content: fenced(`function label(row) {
  // ${name}
  if (/refund|invoice|payment/i.test(row.text)) return "billing";
  if (/error|down|crash/i.test(row.text)) return "technical";
  return row.text.includes("sell") ? "other" : null;
}`),
  });
}
