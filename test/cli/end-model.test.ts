import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { topicTexts } from "../end-model/texts.ts";
import { cli, folderOf, ownTask } from "../support/cli.ts";

const texts = topicTexts(400);
const rows = texts.map(({ text, topic }, id) =>
  JSON.stringify({ id, text, label: topic === 0 ? "spam" : "ham" }),
);
const yaml = String(ownTask()["task.yaml"]);

const finds = (word: string, answer: string) =>
  `function label(row) { return row.text.includes("${word}") ? "${answer}" : null; }`;

/** Programs that know one word of each topic's five, so that many rows are left to the end model. */
const folder = (endModel: string) => {
  const files = ownTask({
    "task.yaml": `${yaml}endModel: ${endModel}\n`,
    "data/mails.jsonl": `${rows.join("\n")}\n`,
    "programs/win.js": finds("win", "spam"),
    "programs/lunch.js": finds("lunch", "ham"),
  });
  for (const name of ["data/mails.csv", "programs/free.js", "programs/see.js"]) delete files[name];
  return folderOf(files);
};

interface Labeled {
  text: string;
  label: string;
  pseudolabel: {
    label: string | null;
    confidence: number;
    probabilities: Record<string, number>;
    source: string;
  };
}

const labelsOf = (path: string) => join(path, ".alchemist", "outbox", "labels", "mails");
const labeledIn = (path: string): Labeled[] =>
  readFileSync(join(labelsOf(path), "part-00000.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("alchemist run with an end model", () => {
  it("labels what no program voted on, and says which source labeled what", async () => {
    using task = folder("linear");
    const { code, stdout } = await cli(["run", task.path, "--json"]);
    expect(code).toBe(0);
    const { receipt, evaluation } = JSON.parse(stdout);
    const labeled = labeledIn(task.path);
    const alone = labeled.filter(({ pseudolabel }) => pseudolabel.source === "endModel");
    const count = (label: string) => labeled.filter(({ pseudolabel }) => pseudolabel.label === label).length;
    expect(alone.length).toBeGreaterThan(50);
    expect(receipt.labels).toMatchObject({
      covered: 400 - alone.length,
      unlabeled: 0,
      classes: { spam: count("spam"), ham: count("ham") },
    });
    expect(receipt.endModel).toMatchObject({
      name: "linear",
      trainedOn: 400 - alone.length,
      alone: alone.length,
    });
    expect(receipt.endModel.agreement).toBeGreaterThan(0.8);
    expect(evaluation.final.accuracy).toBeGreaterThan(evaluation.chosen.accuracy + 0.1);
    expect(evaluation.final.coverage).toBe(1);
    const card = readFileSync(join(labelsOf(task.path), "card.md"), "utf8");
    expect(card).toContain(`since no program voted: ${alone.length}.`);
    const evaluated = await cli(["evaluate", task.path]);
    expect(evaluated.stdout).toContain("(auto and end model, 400 rows with gold");
    expect(evaluated.stdout).toContain("programs only");
  });

  it("gives its model to the user, whose own process labels rows as the run did", async () => {
    using task = folder("linear");
    await cli(["run", task.path]);
    const alone = labeledIn(task.path).filter(({ pseudolabel }) => pseudolabel.source === "endModel");
    const script = join(task.path, "use.mjs");
    const labels = labelsOf(task.path);
    writeFileSync(
      script,
      `import model from "${labels}/end-model.json" with { type: "json" };
import { labeler } from "${labels}/end-model.mjs";
const texts = JSON.parse(process.argv[2]);
console.log(JSON.stringify(texts.map(labeler(model))));`,
    );
    const given = JSON.stringify(alone.map(({ text }) => text));
    const answers: Labeled["pseudolabel"][] = JSON.parse(
      execFileSync(process.execPath, [script, given], { encoding: "utf8", env: {} }),
    );
    expect(answers.map(({ label }) => label)).toEqual(alone.map(({ pseudolabel }) => pseudolabel.label));
    for (const [row, { confidence, probabilities }] of answers.entries()) {
      const { pseudolabel } = alone[row];
      expect(confidence).toBeCloseTo(pseudolabel.confidence, 6);
      expect(probabilities.spam).toBeCloseTo(pseudolabel.probabilities.spam, 6);
    }
  });

  it("changes no label for the gold column", async () => {
    using task = folder("linear");
    using other = folder("linear");
    const turned = rows.map((row) => row.replace(/"label":"\w+"/, '"label":"spam"'));
    writeFileSync(join(other.path, "data/mails.jsonl"), `${turned.join("\n")}\n`);
    for (const { path } of [task, other]) await cli(["run", path]);
    const labels = (path: string) => labeledIn(path).map(({ pseudolabel }) => pseudolabel);
    expect(labels(other.path)).toEqual(labels(task.path));
  });

  it("takes its model away when the task asks for none, and leaves rows without a vote unlabeled again", async () => {
    using task = folder("linear");
    await cli(["run", task.path]);
    writeFileSync(join(task.path, "task.yaml"), `${yaml}endModel: none\n`);
    const { stdout } = await cli(["run", task.path, "--json"]);
    expect(JSON.parse(stdout).receipt.endModel).toBeUndefined();
    expect(existsSync(join(labelsOf(task.path), "end-model.json"))).toBe(false);
    expect(existsSync(join(labelsOf(task.path), "end-model.mjs"))).toBe(false);
    const sources = new Set(labeledIn(task.path).map(({ pseudolabel }) => pseudolabel.source));
    expect(sources).toEqual(new Set(["programs"]));
    expect(labeledIn(task.path).some(({ pseudolabel }) => pseudolabel.label === null)).toBe(true);
  });

  it("says so where there is too little to learn from, and labels by the votes alone", async () => {
    using task = folderOf(ownTask({ "task.yaml": `${yaml}endModel: linear\n` }));
    const { code, stdout } = await cli(["run", task.path, "--json"]);
    expect(code).toBe(0);
    const { receipt } = JSON.parse(stdout);
    expect(receipt.endModel).toBeUndefined();
    expect(receipt.labels.unlabeled).toBe(1);
    expect(receipt.warnings).toContainEqual({
      code: "no-end-model",
      message: "No end model was trained: programs labeled only 4 rows, or all of them alike.",
      remedy: "Add programs that vote on more rows and on every class.",
    });
  });
});
