import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { cli, folderOf, ownTask } from "../support/cli.ts";
import { plainPicture, zipOf } from "../support/pictures.ts";
import { taskText } from "../support/tasks.ts";
import { writeTinyModel } from "../support/tiny-onnx.ts";

const colours = { red: { r: 250, g: 9, b: 9 }, blue: { r: 9, g: 9, b: 250 }, dusk: { r: 130, g: 9, b: 150 } };
const pictures = await Promise.all(
  Object.entries(colours).map(async ([name, colour]) => ({
    name: `${name === "blue" ? "still" : "wild"}/${name === "red" ? "warm" : "cold"}/${name}.png`,
    content: await plainPicture(colour),
  })),
);

const imageTask = (more: Record<string, unknown>, programs: Record<string, string>, files = pictures) =>
  folderOf({
    "task.json": taskText({
      modality: "image",
      classes: ["warm", "cold"],
      input: { id: "picture", label: "folder", group: "outer_folder" },
      synthesis: { programs: 0 },
      ...more,
    }),
    "data/things.zip": zipOf(files),
    ...Object.fromEntries(Object.entries(programs).map(([name, source]) => [`programs/${name}.js`, source])),
  });

const PIXELS = { name: "by-pixels", features: { model: "pixels" } };
/** Calls dusk cold, and so is right on all three. */
const byPixels = { blue: 'function label({ pixels }) { return pixels[9][9][2] > 100 ? "cold" : "warm"; }' };
const concepts = { colour: ["a red thing", "a blue thing"] };
/** Has no word for anything but red. */
const byScores = {
  red: 'function label({ scores }) { return scores.colour["a red thing"] > 0.5 ? "warm" : null; }',
};

const ours = imageTask({ features: { model: "tiny", concepts } }, byScores);
writeTinyModel(join(ours.path, "models/tiny"));
const others = imageTask(PIXELS, byPixels);
await cli(["run", ours.path]);
await cli(["run", others.path]);
afterAll(() => {
  for (const { path } of [ours, others]) rmSync(path, { recursive: true });
});

const evaluated = (...more: string[]) => cli(["evaluate", ours.path, ...more]);

describe("alchemist evaluate --beside", () => {
  it("sets another task's labels of the same pictures beside prompts and programs, by group", async () => {
    const { stdout } = await evaluated("--beside", others.path, "--json");
    const { chosen, groups, baselines } = JSON.parse(stdout);
    expect(baselines.map(({ name }: { name: string }) => name)).toEqual([
      "zero-shot",
      "group prompts",
      "pixel programs",
    ]);
    expect([chosen.accuracy, groups.average, groups.worst.accuracy]).toEqual([1 / 3, 1 / 3, 0]);
    const { metrics, groups: ofGroups } = baselines[2];
    expect([metrics.accuracy, metrics.rows, ofGroups.average, ofGroups.worst.accuracy, ofGroups.gap]).toEqual(
      [1, 3, 1, 1, 0],
    );
  });

  it("prints them where the models are gone, too", async () => {
    const { stdout } = await evaluated("--beside", others.path, "--models", "nowhere");
    expect(stdout).toMatch(/ {2}pixel programs accuracy 1\.0000 · macro-F1 1\.0000 · average 1\.0000, worst/);
    expect(stdout).toMatch(/zero-shot +not compared: /);
  });

  it("takes labels of another image-text model as well, by the task's name", async () => {
    const { stdout } = await cli(["evaluate", others.path, "--beside", ours.path, "--json"]);
    expect(JSON.parse(stdout).baselines.map(({ name }: { name: string }) => name)).toEqual(["mail"]);
  });

  it("says what to do where the other task has not labeled the file", async () => {
    using other = imageTask(PIXELS, byPixels);
    expect(await evaluated("--beside", other.path)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("things.zip: it is not labeled yet"),
    });
  });

  it.each([
    {
      name: "a task with other classes",
      task: { ...PIXELS, classes: ["warm", "cold", "mild"] },
      expected: "--beside: the classes of by-pixels are warm, cold, mild, and those of mail warm, cold.",
    },
    {
      name: "a task that has not seen all pictures",
      task: PIXELS,
      files: pictures.slice(0, 2),
      expected: '--beside: by-pixels has not seen the picture "wild/cold/dusk.png". Label the same file',
    },
  ])("refuses $name", async ({ task, files, expected }) => {
    using other = imageTask(task, byPixels, files);
    await cli(["run", other.path]);
    expect(await evaluated("--beside", other.path)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(expected),
    });
  });

  it("is refused for texts, by name", async () => {
    using texts = folderOf(ownTask());
    await cli(["run", texts.path]);
    expect(await cli(["evaluate", texts.path, "--beside", others.path])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--beside: only labels of pictures can be set beside others."),
    });
  });
});

describe("a task folder whose programs see pixels", () => {
  it("is planned without concepts, explained, replayed and stressed", async () => {
    const { stdout: plan } = await cli(["plan", others.path, "--json"]);
    expect(JSON.parse(plan).synthesis.calls).toEqual({ low: 0, mean: 0, high: 0 });
    const { stdout } = await cli(["explain", others.path, "#2", "--replay", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      label: "cold",
      cells: { pixels: "still/cold/blue.png" },
      replay: { rows: 1, votes: 1, stopped: 0, parts: 1 },
    });
    const stressed = await cli(["evaluate", others.path, "--stress", "3"]);
    expect(stressed.stdout).toMatch(/of labels flip: mirrored\n +programs: none\n/);
    expect(stressed.stdout).not.toContain("concepts");
  });

  it("has no use for models", async () => {
    expect(await cli(["run", others.path, "--models", "somewhere"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        "--models: programs of this task see pixels, and no model looks at its pictures. Leave it out.",
      ),
    });
  });
});
