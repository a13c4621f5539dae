import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { KnownSets } from "../bench/results/figures.ts";
import { measureResults, resultFiles } from "../bench/results/measure-results.ts";
import { outOf } from "../bench/results/recorded-run.ts";
import { RecordedReply } from "../lib/contracts/objects.ts";
import { requestHash } from "../lib/synthesize/ask.ts";
import { cli, folderOf } from "./support/cli.ts";

const root = join(import.meta.dirname, "..");
const examples = join(root, "examples");

/** The examples as they are cloned, each run once for all that is to be seen of it. */
const copies = folderOf({});
cpSync(examples, copies.path, { recursive: true, filter: (path) => !path.includes(".alchemist") });
afterAll(() => copies[Symbol.dispose]());

/** A command on an example, and what it prints as JSON; the measurement finds what a run leaves. */
async function onExample(command: string, name: string, ...more: string[]) {
  const folder = join(copies.path, name);
  const { stdout, stderr } = await cli([command, folder, "--out", outOf(folder, "all"), "--json", ...more]);
  return { ...JSON.parse(stdout), stderr };
}

describe.each([
  { name: "spam-email", rows: 6_046, coverage: 0.95, of: "spam", f1: 0.7, verdict: "programs" },
  { name: "review-sentences", rows: 3_000, coverage: 0.5, of: "positive", f1: 0.5, verdict: "hybrid" },
  { name: "penguins", rows: 344, coverage: 0.5, of: "Gentoo", f1: 0.5, verdict: "programs" },
  { name: "emoji", rows: 181, coverage: 0.5, of: "mammal", f1: 0.5, verdict: null },
])("the example $name", ({ name, rows, coverage, of, f1, verdict }) => {
  it("is labeled from its recordings, without a key, and a second time without doing anything", {
    timeout: 300_000,
  }, async () => {
    const { receipt, evaluation, tally, stderr } = await onExample("run", name);
    // Nothing but progress, and that only where it takes long.
    expect(stderr).toMatch(/^((synthesize|fan-out|features|label|aggregate|train|verify|publish) .*\n)*$/);
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

    const again = await onExample("run", name);
    expect(again.tally).toMatchObject({ calls: 0, votesComputed: 0, votesReused: 0, rowsPublished: 0 });
    expect(again.receipt).toEqual(receipt);
  });
});

it.each(["spam-email", "review-sentences", "penguins", "emoji", "emoji/pixels"])(
  "the example %s ships replies that say how they were made, each under its own request, none for programs with a row in it",
  (name) => {
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
  },
);

it("sets what the image-text model says alone beside the labels of pictures, by group", {
  timeout: 120_000,
}, async () => {
  expect((await onExample("run", "emoji")).receipt).toMatchObject({
    directLabeling: [],
    verdict: { reason: expect.stringMatching(/^Not verified: a model is not shown pictures\. /) },
  });
  const { groups, baselines, chosen } = await onExample("evaluate", "emoji");
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

  const { stress } = await onExample("evaluate", "emoji", "--stress", "12");
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

  const { missing } = await onExample("evaluate", "emoji", "--models", "nowhere");
  expect(missing).toContain("there is no model here");
});

it("labels the same pictures with programs over their pixels, and sets that beside the rest", {
  timeout: 120_000,
}, async () => {
  await onExample("run", "emoji");
  const pixels = join(copies.path, "emoji/pixels");
  const data = ["--data", join(copies.path, "emoji/data/emoji.tar"), "--json"];
  const run = await cli(["run", pixels, ...data]);
  const { receipt, evaluation, tally } = JSON.parse(run.stdout);
  expect(tally).toMatchObject({ calls: 0, usd: 0 });
  expect(receipt.features.model.name).toBe("pixels");
  expect(evaluation.chosen.accuracy).toBeGreaterThan(0.5);
  const { baselines } = await onExample("evaluate", "emoji", "--beside", pixels);
  expect(baselines.map(({ name }: { name: string }) => name)).toEqual([
    "zero-shot",
    "group prompts",
    "pixel programs",
  ]);
  expect(baselines[2].metrics.accuracy).toBe(evaluation.chosen.accuracy);
  const explained = await cli(["explain", pixels, ...data, "--sample", "20", "--replay"]);
  expect(JSON.parse(explained.stdout).replay).toMatchObject({ rows: 20, stopped: 0 });
});

it("stresses labels of pictures that have no gold, and what an end model says of them", {
  timeout: 120_000,
}, async () => {
  await onExample("run", "emoji");
  using copy = folderOf({});
  cpSync(join(copies.path, "emoji"), copy.path, { recursive: true });
  const path = join(copy.path, "task.yaml");
  const yaml = readFileSync(path, "utf8").replace(/^ {2}(label|group):.*\n/gm, "");
  writeFileSync(path, `${yaml}endModel: linear\n`);
  const out = ["--out", outOf(copy.path, "all")];
  await cli(["run", copy.path, ...out]);
  const { stdout } = await cli(["evaluate", copy.path, ...out, "--stress", "4"]);
  expect(stdout).toMatch(/^emoji · emoji\.tar\n {2}stress +4 pictures, changed in what should not matter\n/);
  expect(stdout.match(/^ {10}end model: \d+\.\d %$/gm)).toHaveLength(4);
});

it("is measured as docs/results.md and its pictures show, without the sets that are not shipped", {
  timeout: 300_000,
}, async () => {
  const shown = (file: string) => readFileSync(join(root, "docs", file), "utf8");
  const known = KnownSets.parse(JSON.parse(shown("results/sets.json")));
  const measured = await measureResults(copies.path, known, {}, () => {});
  const files = resultFiles(measured);
  for (const [file, text] of Object.entries(files)) expect(shown(file), file).toBe(text);
  const pictures = Object.keys(files).filter((file) => file.startsWith("results/"));
  expect(pictures.sort()).toEqual(
    readdirSync(join(root, "docs/results"))
      .map((name) => `results/${name}`)
      .sort(),
  );
  expect(measured.examples.map(({ name }) => name)).toHaveLength(5);
  for (const { name, replay, rows, all } of measured.examples) {
    const replayed = Math.min(1_000, rows);
    const expected = { rows: replayed, votes: replayed * all.programs, stopped: 0 };
    expect({ name, replay }).toEqual({ name, replay: expected });
  }
  // A task that is not to be left to programs, and says so.
  const plausible = measured.examples.find(({ name }) => name === "plausible-sentences");
  expect(["direct", "hybrid"]).toContain(plausible?.verdict);
  expect(plausible?.sample?.rows).toBe(100);
  expect(plausible?.sample?.direct).toBeGreaterThan(plausible?.sample?.programs ?? 100);
});
