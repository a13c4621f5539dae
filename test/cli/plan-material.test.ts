import { describe, expect, it } from "vitest";
import { type ChatRequest, chatServer, completion } from "../support/chat-server.ts";
import { cli, folderOf } from "../support/cli.ts";
import { fenced } from "../support/scripted-model.ts";

const files = {
  "task.yaml": `name: mail
description: Decide whether a message is spam.
classes: { spam: unsolicited, ham: wanted }
synthesis:
  programs: 2
  strategies: [retrieval]
  examples: 5
  knowledgeModel: gpt-4o
  embeddingModel: text-embedding-3-small
verify: { rows: 0 }
`,
  "data/mails.csv": `text\n${"free money for you and many more words beside\n".repeat(40)}`,
  "knowledge/guide.md": Array.from(
    { length: 30 },
    (_, at) => `# ${at}\n\n${"Spam offers free prizes. ".repeat(30)}`,
  ).join("\n\n"),
};

/** Bills what it is asked by characters, as `plan` foresees it; replies have the usual lengths. */
function answerOf({ url, body }: ChatRequest) {
  if (url?.endsWith("/embeddings")) {
    const input = body.input as string[];
    const usage = { prompt_tokens: Math.round(input.join("").length / 4), total_tokens: 0 };
    return {
      body: { data: input.map((_, index) => ({ index, embedding: [1, index] })), model: body.model, usage },
    };
  }
  const text = (body.messages as { content: string }[]).map(({ content }) => content).join("");
  const isNotes = text.includes("# What to write");
  const [, name] = /This is (retrieval-\d+)/.exec(text) ?? [];
  const content = isNotes
    ? "spam: free".padEnd(5_600, ".")
    : fenced(`function label(row) { return row.text.includes("${name}") ? "spam" : null; }`);
  const usage = {
    prompt_tokens: Math.round(text.length / 4),
    completion_tokens: isNotes ? 1_400 : 4_240,
    total_tokens: 0,
  };
  return completion({ content }, { usage, model: body.model });
}

describe("alchemist plan", () => {
  it("counts documents, rows and embeddings, each at its model's price, as they are then billed", async () => {
    await using server = await chatServer(answerOf);
    using folder = folderOf(files);
    const planned = await cli(["plan", folder.path, "--json"]);
    expect(planned.stderr).toBe("");
    const { synthesis } = JSON.parse(planned.stdout);
    const { knowledge, embeddings } = synthesis.parts;
    expect([knowledge.model, knowledge.calls.mean]).toEqual(["gpt-4o", 1]);
    // Queries, and the thirty passages of the document.
    expect([embeddings.model, embeddings.calls.mean]).toEqual(["text-embedding-3-small", 2]);
    const environment = { OPENAI_API_KEY: "any", OPENAI_BASE_URL: server.baseUrl };
    const made = await cli(["synthesize", folder.path, "--json"], environment);
    expect(made.stderr).toMatch(
      /^expected: 5 \(5 to \d\) calls to gpt-4o-mini for programs, .*; cap \$1\.0000\n$/,
    );
    const { tally } = JSON.parse(made.stdout);
    expect(tally.calls).toBe(5);
    expect(Math.abs(synthesis.usd.mean / tally.usd - 1)).toBeLessThan(0.1);
    const after = JSON.parse((await cli(["plan", folder.path, "--json"])).stdout);
    expect(after.synthesis).toMatchObject({ calls: { mean: 0 }, usd: { high: 0 }, recorded: { calls: 5 } });
  });

  it("says which other models are asked, and asks for a price where it is not known", async () => {
    using folder = folderOf({
      ...files,
      "task.yaml": files["task.yaml"].replace("text-embedding-3-small", "mine"),
    });
    const { stdout } = await cli(["plan", folder.path]);
    expect(stdout).toMatch(/\n {2}knowledge {6}\$0\.0\d+ .* of that, for calls to gpt-4o: 1\n/);
    expect(stdout).toContain("embeddings     unknown: mine is not listed");
    expect(stdout).toContain("cost           unknown");
  });
});
