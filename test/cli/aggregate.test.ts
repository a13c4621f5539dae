import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AggregateOptions, aggregateCommand } from "../../lib/cli/aggregate.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "alchemist-aggregate-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** What the command prints of a file with this content. */
async function printed(
  name: string,
  content: string,
  options: Partial<AggregateOptions> = {},
): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  let text = "";
  const stdout = { write: (chunk: string) => (text += chunk) };
  await aggregateCommand(file, { model: "majority", ...options }, { stdout });
  return text.replaceAll(`${folder}/`, "");
}

const votes = JSON.stringify({
  classes: ["ham", "spam"],
  programs: ["urgent", "free"],
  votes: [
    [0, 0],
    [1, 1],
    [1, 0],
    [-1, -1],
  ],
  labels: [0, 1, 1, 0],
});

describe("alchemist aggregate", () => {
  it("prints what the votes are worth", async () => {
    expect(await printed("votes.json", votes)).toBe(
      [
        "votes.json · 4 rows × 2 programs",
        "  not written  --out labels.csv writes each row's label, --out FILE.json everything",
        "  label model  majority on 4 vote patterns",
        "  coverage     0.7500 of the rows have a vote, 0.2500 have votes in conflict",
        "  classes      ham 50.0 % · spam 50.0 % (estimated)",
        "  quality      accuracy 0.8333 · macro-F1 0.8286 · F1 ham 0.8000 · F1 spam 0.8571 (majority, 3 rows with gold and a vote)",
        "  majority     accuracy 0.8333 · macro-F1 0.8286",
        "",
        "  program  coverage   overlap  conflict  accuracy    weight",
        "  urgent     0.7500    0.7500    0.2500    0.8333      1.00",
        "  free       0.7500    0.7500    0.2500    0.8333      1.00",
        "",
      ].join("\n"),
    );
  });

  it("prints the result as JSON, or its summary when the result goes to a file", async () => {
    const whole = JSON.parse(await printed("votes.json", votes, { json: true }));
    expect(whole.probabilities).toEqual([
      [1, 0],
      [0, 1],
      [0.5, 0.5],
      [0.5, 0.5],
    ]);

    const out = join(folder, "out.json");
    const { probabilities: _, ...summary } = whole;
    expect(JSON.parse(await printed("votes.json", votes, { json: true, out }))).toEqual(summary);
    expect(JSON.parse(await readFile(out, "utf8"))).toEqual(whole);
    expect((await readdir(folder)).sort()).toEqual(["out.json", "votes.json"]);
  });

  it.each([
    { name: "labels.csv", between: "," },
    { name: "labels.tsv", between: "\t" },
  ])("writes a label a row to $name, none to a row without a vote", async ({ name, between }) => {
    const out = join(folder, name);
    const named = JSON.stringify({ ...JSON.parse(votes), classes: ["ham", 'a "b", c'] });
    expect(await printed("votes.json", named, { out })).toContain(`  written      ${name}\n`);
    const lines = [
      ["row", "label", "confidence", "p_ham", '"p_a ""b"", c"'],
      ["1", "ham", "1", "1", "0"],
      ["2", '"a ""b"", c"', "1", "0", "1"],
      ["3", "ham", "0.5", "0.5", "0.5"],
      ["4", "", "", "0.5", "0.5"],
    ];
    expect(await readFile(out, "utf8")).toBe(lines.map((cells) => `${cells.join(between)}\n`).join(""));
  });

  it.each([
    { name: "votes.csv", content: '\uFEFFurgent,"free"\r\nham,ham\r\nspam,\r\n\r\n' },
    { name: "votes.tsv", content: "urgent\tfree\nham\tham\nspam\t\n" },
  ])("reads $name", async ({ name, content }) => {
    const result = JSON.parse(await printed(name, content, { json: true, classes: "ham, spam" }));
    expect(result.programs.map(({ name: program }: { name: string }) => program)).toEqual(["urgent", "free"]);
    expect(result.probabilities).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it.each([
    {
      name: "JSON that is none",
      file: "votes.json",
      content: '{"classes":["a","b"],"votes":[[NaN,0]]}',
      message: /votes\.json: is no valid JSON: .*\. Note that JSON has no NaN; −1 abstains\.$/,
    },
    {
      name: "CSV that is none",
      file: "votes.csv",
      content: 'a,b\n"x,y\n',
      message: /votes\.csv: is no valid CSV: .*\.$/,
    },
  ])("refuses $name", async ({ file, content, message }) => {
    await expect(printed(file, content)).rejects.toMatchObject({
      code: "invalid-input",
      message: expect.stringMatching(message),
    });
  });

  it("names a file that is not there, and a folder", async () => {
    const stdout = { write: () => true };
    await expect(
      aggregateCommand(join(folder, "none.json"), { model: "auto" }, { stdout }),
    ).rejects.toMatchObject({
      message: expect.stringContaining("none.json: cannot be read: ENOENT"),
    });
    await expect(aggregateCommand(folder, { model: "auto" }, { stdout })).rejects.toMatchObject({
      message: `${folder}: is no file. Give a JSON or CSV file of votes.`,
    });
  });

  it("leaves nothing behind when the result cannot be written", async () => {
    const out = join(folder, "nowhere", "out.json");
    for (const place of [out, join(folder, "votes.json", "result.json")]) {
      await expect(printed("votes.json", votes, { out: place })).rejects.toMatchObject({
        code: "store-write",
      });
    }
    expect(await readdir(folder)).toEqual(["votes.json"]);
  });
});
