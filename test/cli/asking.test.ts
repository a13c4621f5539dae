import { describe, expect, it } from "vitest";
import { chatServer, completion } from "../support/chat-server.ts";
import { ASKING, askingTask, cli, folderOf } from "../support/cli.ts";

describe("asking a model", () => {
  const live = (server: { baseUrl: string }) => ({
    OPENAI_API_KEY: "secret-key",
    OPENAI_BASE_URL: server.baseUrl,
  });

  it("asks, records, and replays without a key", async () => {
    await using server = await chatServer(
      completion({
        content:
          '```javascript\nfunction label(row) { return row.text.includes("free") ? "spam" : row.text.includes("see") ? "ham" : null; }\n```',
      }),
      completion({
        content: JSON.stringify({
          labels: ["spam", "ham", "ham", "spam", "spam"].map((one, row) => ({ row: row + 1, class: one })),
        }),
      }),
    );
    using folder = folderOf(askingTask());
    const first = await cli(["run", folder.path, "--recorded-by", "a test"], live(server));
    expect(first.stderr).toMatch(
      /^expected: 1 \(1 to 2\) calls to gpt-4o-mini for programs and 1 to gpt-4o-mini for the sample, \$0\.\d+ \(\$0\.\d+ to \$0\.\d+\) in all; cap \$1\.0000\n$/,
    );
    expect(first.stdout).toContain("2 model calls");
    expect(first.stdout).toContain("verdict        direct. On 5 rows");
    const again = await cli(["run", folder.path], live(server));
    expect([again.stderr, again.stdout.includes("nothing to do")]).toEqual(["", true]);
    expect(again.stdout).toContain("replies: a test");
    expect(server.requests).toHaveLength(2);
  });

  it("needs a key to ask", async () => {
    using folder = folderOf(askingTask());
    expect((await cli(["run", folder.path, "--llm", "live"])).stderr).toContain(
      "no key to ask with. Set OPENAI_API_KEY",
    );
    expect((await cli(["run", folder.path])).stderr).toContain(
      "There is no recording of this request to gpt-4o-mini",
    );
  });

  it.each(["127.0.0.1:11434", "localhost:11434/v1", "my endpoint"])(
    "refuses the endpoint %j",
    async (baseUrl) => {
      using folder = folderOf(askingTask());
      const { code, stderr } = await cli(["run", folder.path], live({ baseUrl }));
      expect(code).toBe(1);
      expect(stderr).toContain(
        "environment variable OPENAI_BASE_URL: Set it to an address such as http://127.0.0.1:11434/v1.",
      );
    },
  );

  it.each([
    [401, { error: { message: "Incorrect API key provided: secret-key", code: "invalid_api_key" } }, "key"],
    [
      404,
      { error: { message: "The model `gpt-4o-mini` does not exist", code: "model_not_found" } },
      "gpt-4o-mini",
    ],
  ])("says what a %d means, and never the key", async (status, body, word) => {
    await using server = await chatServer({ status, body });
    using folder = folderOf(askingTask());
    const { code, stderr } = await cli(["run", folder.path], live(server));
    expect(code).toBe(1);
    expect(stderr).toContain(word);
    expect(stderr).not.toContain("secret-key");
  });

  it("stops before the call that would pass the cap, and asks nothing", async () => {
    await using server = await chatServer(completion({ content: "unused" }));
    using folder = folderOf(askingTask({ "task.yaml": `${ASKING}budget: { usd: 0.0001 }\n` }));
    const { code, stderr } = await cli(["run", folder.path], live(server));
    expect(code).toBe(1);
    expect(stderr).toContain("To go on, raise budget.usd or ask for less");
    expect(server.requests).toHaveLength(0);
  });

  it("names both caps before it asks, where uncertain rows go to a model too", async () => {
    await using server = await chatServer(completion({ content: "unused" }));
    const yaml = `${ASKING}budget: { usd: 0.0001 }\nresidual: { usd: 0.2 }\n`;
    using folder = folderOf(askingTask({ "task.yaml": yaml }));
    const { stderr } = await cli(["run", folder.path], live(server));
    expect(stderr).toMatch(/^expected: .* in all; cap \$0\.0001\d* and \$0\.2000 for uncertain rows\n/);
  });

  it("asks nothing of a model whose price it does not know", async () => {
    await using server = await chatServer(completion({ content: "unused" }));
    using folder = folderOf(
      askingTask({ "task.yaml": ASKING.replace("programs: 1", "programs: 1, model: my-model") }),
    );
    expect((await cli(["run", folder.path], live(server))).stderr).toContain("--price in=0.15,out=0.60");
    expect(server.requests).toHaveLength(0);
  });
});
