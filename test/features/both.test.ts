import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { onnxModels } from "../../lib/adapters/onnx/image-text-models.ts";
import { pixelModel } from "../../lib/adapters/onnx/pixel-model.ts";
import { unpackColumns } from "../../lib/contracts/columns.ts";
import { unpackScores } from "../../lib/contracts/features.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { explainRow } from "../../lib/explain/explain.ts";
import { openLabeledFile } from "../../lib/explain/labeled-file.ts";
import { replay } from "../../lib/explain/replay.ts";
import type { ObjectStore, Ports, Progress } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { driveTask } from "../support/drive-task.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { plainPicture, zipOf } from "../support/pictures.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { silentModel } from "../support/synthesis.ts";
import { taskOf, taskText } from "../support/tasks.ts";
import { writeTinyModel } from "../support/tiny-onnx.ts";

const root = mkdtempSync(join(tmpdir(), "alchemist-models-"));
writeTinyModel(join(root, "tiny"));
afterAll(() => rmSync(root, { recursive: true }));
const images = onnxModels(root, 1);

const task = taskOf().name;
const file = FileName.parse("things.zip");
const labels = FileName.parse("things");
const SCORES = 'function label(row) { return row.scores.colour["a red thing"] > 0.5 ? "warm" : null; }';
const BOTH =
  'function label({ scores, pixels }) { return scores.colour["a blue thing"] > 0.5 && pixels[16][16][2] > 200 ? "cold" : null; }';

const taskFile = (strategies: string[]) =>
  taskText({
    modality: "image",
    classes: ["warm", "cold"],
    features: { model: "tiny", concepts: { colour: ["a red thing", "a green thing", "a blue thing"] } },
    input: { id: "picture" },
    synthesis: { programs: 0, strategies },
  });

const pictures = await Promise.all(
  Array.from({ length: 40 }, async (_, index) => ({
    name: `${index}.png`,
    content: await plainPicture({ r: index, g: index, b: index, [["r", "b"][index % 2]]: 250 }),
  })),
);

const storeOf = (strategies: string[], files: { name: string; content: Uint8Array }[] = pictures) =>
  memoryStore({
    [keys.taskFile(task, "task.json")]: taskFile(strategies),
    [keys.data(task, file)]: zipOf(files),
    [`${keys.ownProgramsOf(task)}red.js`]: SCORES,
    [`${keys.ownProgramsOf(task)}blue.js`]: strategies.includes("pixels")
      ? BOTH
      : SCORES.replace("warm", "cold"),
  });

async function run(store: ObjectStore, twice = false) {
  const reports: Progress[] = [];
  const ports: Ports = {
    store,
    model: silentModel(),
    runner: plainRunner(),
    images,
    pixels: pixelModel(),
    report: (one) => reports.push(one),
    now: () => new Date(0),
  };
  const settings = { prices: listPrices, modelCard: images.card };
  const failures = await driveTask(task, ports, settings, twice);
  return { failures, pictures: reports.filter((one) => one.stage === "features") };
}

const BOTH_STRATEGIES = ["general", "pixels"];

const rowsOf = async (store: ObjectStore) =>
  (await textsOf(store))[`${keys.partsOf(task, labels)}00000.jsonl`]
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

const seenIn = async (store: ObjectStore) => {
  const blocks: ReturnType<typeof unpackScores>[] = [];
  for await (const { key } of store.list(`work/${task}/features/scores/`)) {
    blocks.push(unpackScores(await store.get(key)));
  }
  return blocks;
};

describe("a task whose programs see scores and pixels", () => {
  it("labels pictures by both, and says so", async () => {
    const store = storeOf(BOTH_STRATEGIES, pictures.slice(0, 3));
    expect((await run(store)).failures).toEqual([]);
    expect((await rowsOf(store)).map(({ pseudolabel }) => pseudolabel.label)).toEqual([
      "warm",
      "cold",
      "warm",
    ]);
    const texts = await textsOf(store);
    expect(JSON.parse(texts[keys.receipt(task, labels)]).features).toEqual({
      model: { name: "tiny", kind: "unknown", hash: expect.any(String), logitScale: 100 },
      concepts: expect.any(String),
      pixels: "32 × 32",
    });
    expect(texts[keys.card(task, labels)]).toContain(
      "Pictures were looked at with tiny (kind unknown), and programs saw its scores, and 32 × 32 pixels of each.",
    );
    expect(texts[keys.report(task, labels)]).toContain('<dl class="scores">');
  });

  it("shows programs the columns that tasks with one of them show", async () => {
    const content = await plainPicture({ r: 7, g: 80, b: 255, alpha: 1 });
    const broken = { name: "0.png", content: pictures[0].content.subarray(0, 60) };
    const store = storeOf(BOTH_STRATEGIES, [broken, { name: "a.png", content }]);
    await run(store);
    const [{ columns, ...header }, ...others] = await seenIn(store);
    expect(others).toEqual([]);
    expect(header).toEqual({
      model: { name: "tiny", kind: "unknown" },
      rows: 2,
      unreadable: [{ index: 0, reason: "unreadable", message: expect.any(String) }],
    });
    const seen = unpackColumns(columns);
    expect([seen.rows, seen.columns.map(({ name }) => name)]).toEqual([1, ["scores", "pixels"]]);
    const [scores, pixels] = seen.columns.map(({ values }) => JSON.parse(String(values[0])));
    expect(scores.colour["a blue thing"]).toBeGreaterThan(0.9);
    expect(pixels).toEqual(Array(32).fill(Array(32).fill([7, 80, 255])));
    expect((await textsOf(store))[keys.rejectedRows(task, labels)].trim().split("\n")).toHaveLength(1);
  });

  it("leaves the same bytes when every message comes twice and at once", async () => {
    const [quiet, busy] = [storeOf(BOTH_STRATEGIES), storeOf(BOTH_STRATEGIES)];
    await run(quiet);
    expect((await run(busy, true)).failures).toEqual([]);
    expect(await seenIn(busy)).toEqual(await seenIn(quiet));
    expect(await rowsOf(busy)).toEqual(await rowsOf(quiet));
  });

  it("has the model look at no picture again where the strategy is added, and tells of each picture once", async () => {
    const store = storeOf(["general"]);
    await run(store);
    await store.put(keys.taskFile(task, "task.json"), taskFile(BOTH_STRATEGIES));
    await store.put(`${keys.ownProgramsOf(task)}blue.js`, BOTH);
    const { failures, pictures: told } = await run(store);
    expect(failures).toEqual([]);
    expect((await rowsOf(store))[1].pseudolabel.label).toBe("cold");
    const sum = (of: "rows" | "embedded") => told.reduce((all, one) => all + one[of], 0);
    expect([sum("rows"), sum("embedded")]).toEqual([40, 0]);
  });

  it("is explained and replayed to the byte", async () => {
    const store = storeOf(BOTH_STRATEGIES);
    await run(store);
    const labeled = await openLabeledFile(store, task, file);
    const { cells } = await explainRow(store, labeled, 2);
    expect(cells).toEqual({ scores: "1.png", pixels: "1.png" });
    expect(await replay({ store, runner: plainRunner() }, labeled, [1, 2, 3])).toEqual({
      rows: 3,
      votes: 6,
      stopped: 0,
      parts: 1,
    });
  });
});
