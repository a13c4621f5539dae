import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RecordedReply } from "../lib/contracts/objects.ts";
import { requestHash } from "../lib/synthesize/ask.ts";
import { cli, exampleCopy } from "./support/cli.ts";

const examples = join(import.meta.dirname, "..", "examples");

describe.each([
  { name: "spam-email", rows: 6_046, coverage: 0.95, of: "spam", f1: 0.7, verdict: "programs" },
  { name: "review-sentences", rows: 3_000, coverage: 0.5, of: "positive", f1: 0.5, verdict: "hybrid" },
  { name: "penguins", rows: 344, coverage: 0.5, of: "Gentoo", f1: 0.5, verdict: "programs" },
  { name: "emoji", rows: 181, coverage: 0.5, of: "mammal", f1: 0.5, verdict: null },
])("the example $name", ({ name, rows, coverage, of, f1, verdict }) => {
  it("is labeled from its recordings, without a key, and a second time without doing anything", {
    timeout: 300_000,
  }, async () => {
    using copy = exampleCopy(name);
    const first = await cli(["run", copy.path, "--json"]);
    // Nothing but progress, and that only where it takes long.
    expect(first.stderr).toMatch(/^((synthesize|fan-out|features|label|verify|publish) .*\n)*$/);
    const { receipt, evaluation, tally } = JSON.parse(first.stdout);
    expect(tally).toMatchObject({ calls: 0, usd: 0 });
    expect(tally.replayed).toBeGreaterThanOrEqual(10);
    expect(receipt.data).toMatchObject({ rows, rejected: {} });
    expect(receipt.labels.coverage).toBeGreaterThanOrEqual(coverage);
    expect(evaluation.chosen.classes[of].f1).toBeGreaterThanOrEqual(f1);
    expect(receipt.verdict.verdict).toBe(verdict);
    if (verdict !== null) {
      const { low, high } = receipt.verdict.agreement;
      expect(low).toBeLessThanOrEqual(evaluation.chosen.accuracy);
      expect(high).toBeGreaterThanOrEqual(evaluation.chosen.accuracy);
    }

    const again = JSON.parse((await cli(["run", copy.path, "--json"])).stdout);
    expect(again.tally).toMatchObject({ calls: 0, votesComputed: 0, votesReused: 0, rowsPublished: 0 });
    expect(again.receipt).toEqual(receipt);

    const explained = await cli(["explain", copy.path, "--sample", "1000", "--replay", "--json"]);
    expect(explained.stderr).toBe("");
    const sampled = Math.min(1_000, rows);
    expect(JSON.parse(explained.stdout).replay).toMatchObject({
      rows: sampled,
      votes: receipt.programs.length * sampled,
      stopped: 0,
    });
  });

  it("ships replies that say how they were made, each under its own request, none for programs with a row in it", () => {
    const folder = join(examples, name, "replies");
    for (const file of readdirSync(folder)) {
      const { request, note, recorded } = RecordedReply.parse(
        JSON.parse(readFileSync(join(folder, file), "utf8")),
      );
      expect(file).toBe(`${requestHash(request)}.json`);
      expect(note).toContain("Claude");
      expect(recorded).toMatch(/^\d{4}-\d\d-\d\dT/);
      const asked = request.messages.map(({ content }) => content).join("\n");
      expect(asked).not.toMatch(/mail-\d{4}|penguin-\d{3}|sentence-\d{4}|\.png/);
    }
  });
});

it("sets what the image-text model says alone beside the labels of pictures, by group", {
  timeout: 120_000,
}, async () => {
  using copy = exampleCopy("emoji");
  await cli(["run", copy.path, "--json"]);
  const { groups, baselines, chosen } = JSON.parse((await cli(["evaluate", copy.path, "--json"])).stdout);
  expect(groups.groups).toHaveLength(6);
  expect(groups.average).toBe(chosen.accuracy);
  expect(groups.gap).toBeGreaterThan(0);
  // This model knows colours only, and these prompts name none: the first class, whatever the picture.
  const first = { average: 66 / 181, worst: { accuracy: 0 } };
  expect(baselines).toMatchObject([
    { name: "zero-shot", groups: first },
    { name: "group prompts", groups: first },
  ]);
  expect(chosen.accuracy).toBeGreaterThan(0.6);

  const stressed = await cli(["evaluate", copy.path, "--stress", "12", "--json"]);
  const { stress } = JSON.parse(stressed.stdout);
  expect(stress.changes.map(({ change }: { change: string }) => change)).toEqual([
    "background cropped",
    "surroundings blurred",
    "colour cast",
    "mirrored",
  ]);
  // A model of colours sees another light, and does not see a mirror.
  const flipsOf = (change: string) =>
    stress.changes.find((one: { change: string }) => one.change === change).flips;
  expect(flipsOf("colour cast")).toBeGreaterThan(flipsOf("mirrored"));

  const shown = await cli(["evaluate", copy.path, "--models", "nowhere"]);
  expect(shown.stdout).toMatch(/zero-shot +not compared: .*there is no model here/);
});

it("stresses labels of pictures that have no gold", { timeout: 120_000 }, async () => {
  using copy = exampleCopy("emoji");
  const path = join(copy.path, "task.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace(/^ {2}(label|group):.*\n/gm, ""));
  await cli(["run", copy.path, "--json"]);
  const { stdout } = await cli(["evaluate", copy.path, "--stress", "4"]);
  expect(stdout).toMatch(/^emoji · emoji\.tar\n {2}stress +4 pictures, changed in what should not matter\n/);
});
