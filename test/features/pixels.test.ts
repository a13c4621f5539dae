import { describe, expect, it } from "vitest";
import { pixelModel } from "../../lib/adapters/onnx/pixel-model.ts";
import { unpackColumns } from "../../lib/contracts/columns.ts";
import { unpackScores } from "../../lib/contracts/features.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { PIXELS_CARD } from "../../lib/contracts/pixels.ts";
import { advance } from "../../lib/pipeline.ts";
import type { ImageTextModels, ObjectStore, PictureModel, Ports } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { driveTask } from "../support/drive-task.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { plainPicture, zipOf } from "../support/pictures.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { silentModel } from "../support/synthesis.ts";
import { taskOf, taskText } from "../support/tasks.ts";

const task = taskOf().name;
const labels = FileName.parse("things");
const RED = 'function label({ pixels }) { return pixels[16][16][0] > 200 ? "warm" : null; }';
const BLUE = 'function label({ pixels }) { return pixels[16][16][2] > 200 ? "cold" : null; }';

const pictures = await Promise.all(
  Array.from({ length: 80 }, async (_, index) => ({
    name: `${index}.png`,
    content: await plainPicture({ r: index, g: index, b: index, [["r", "b"][index % 2]]: 250 }),
  })),
);

const storeOf = (files: { name: string; content: Uint8Array }[] = pictures) =>
  memoryStore({
    [keys.taskFile(task, "task.json")]: taskText({
      modality: "image",
      classes: ["warm", "cold"],
      features: { model: "pixels" },
      input: { id: "picture" },
      synthesis: { programs: 0 },
    }),
    [keys.data(task, FileName.parse("things.zip"))]: zipOf(files),
    [`${keys.ownProgramsOf(task)}red.js`]: RED,
    [`${keys.ownProgramsOf(task)}blue.js`]: BLUE,
  });

/** No model is here, and whoever asks for one fails. */
const noModels: ImageTextModels = {
  card: async () => Promise.reject(new Error("asked for a model's card")),
  open: async () => Promise.reject(new Error("opened a model")),
};

async function run(store: ObjectStore, { pixels = pixelModel(), twice = false } = {}) {
  const ports: Ports = {
    store,
    model: silentModel(),
    runner: plainRunner(),
    images: noModels,
    pixels,
    report: () => undefined,
    now: () => new Date(0),
  };
  const settings = { prices: listPrices, modelCard: noModels.card };
  return driveTask(task, ports, settings, twice);
}

/** Pixels that count the pictures made small, and may die. */
function counting(batches = Number.POSITIVE_INFINITY) {
  const model = pixelModel();
  const counts = { pictures: 0, batches: 0 };
  const pixels: PictureModel = {
    ...model,
    embedPictures(decoded) {
      if (counts.batches === batches) throw new Error("killed");
      counts.batches += 1;
      counts.pictures += decoded.length;
      return model.embedPictures(decoded);
    },
  };
  return { counts, pixels };
}

const rowsOf = async (store: ObjectStore) =>
  (await textsOf(store))[`${keys.partsOf(task, labels)}00000.jsonl`]
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("a task whose programs see pixels", () => {
  it("labels pictures by their pixels, and opens no model", async () => {
    const store = storeOf(pictures.slice(0, 3));
    expect(await run(store)).toEqual([]);
    expect((await rowsOf(store)).map(({ picture, pseudolabel }) => [picture, pseudolabel.label])).toEqual([
      ["0.png", "warm"],
      ["1.png", "cold"],
      ["2.png", "warm"],
    ]);
    const texts = await textsOf(store);
    expect(JSON.parse(texts[keys.receipt(task, labels)]).features).toEqual({
      model: { name: "pixels", kind: "32 × 32", hash: PIXELS_CARD.hash, logitScale: 1 },
    });
    expect(texts[keys.card(task, labels)]).toContain(
      "No model looked at the pictures: programs saw 32 × 32 pixels of each.",
    );
    expect(texts[keys.report(task, labels)]).toContain("data:image/jpeg;base64,");
    expect(texts[keys.report(task, labels)]).not.toContain('<dl class="scores">');
  });

  it("shows programs the middle square, upright, and nothing else of the row", async () => {
    const store = storeOf([
      { name: "a.png", content: await plainPicture({ r: 7, g: 80, b: 255, alpha: 1 }) },
    ]);
    await run(store);
    const keysOfScores: string[] = [];
    for await (const { key } of store.list(`work/${task}/features/scores/`)) keysOfScores.push(key);
    const { columns, ...header } = unpackScores(await store.get(keysOfScores[0]));
    expect(header).toEqual({ model: { name: "pixels", kind: "32 × 32" }, rows: 1, unreadable: [] });
    const [{ name, values }, ...others] = unpackColumns(columns).columns;
    expect([name, others]).toEqual(["pixels", []]);
    expect(JSON.parse(String(values[0]))).toEqual(Array(32).fill(Array(32).fill([7, 80, 255])));
  });

  it("leaves the same bytes when every message comes twice and at once", async () => {
    const [quiet, busy] = [storeOf(), storeOf()];
    await run(quiet);
    expect(await run(busy, { twice: true })).toEqual([]);
    expect(await rowsOf(busy)).toEqual(await rowsOf(quiet));
  });

  it("makes no picture small again where it is killed between batches", async () => {
    const store = storeOf();
    const first = counting(2);
    expect((await run(store, first)).map(({ message }) => message.stage)).toEqual(["features"]);
    const again = counting();
    expect(await run(store, again)).toEqual([]);
    expect(first.counts.pictures + again.counts.pictures).toBe(80);
  });

  it("lists a picture that cannot be decoded, and has programs abstain on it", async () => {
    const store = storeOf([
      { name: "broken.png", content: pictures[0].content.subarray(0, 60) },
      ...pictures.slice(0, 1),
    ]);
    expect(await run(store)).toEqual([]);
    expect((await rowsOf(store)).map(({ pseudolabel }) => pseudolabel.label)).toEqual([null, "warm"]);
    expect((await textsOf(store))[keys.rejectedRows(task, labels)]).toContain('"reason":"unreadable"');
  });

  it("is refused where pictures are not labeled at all", async () => {
    const store = storeOf(pictures.slice(0, 1));
    const ports: Ports = {
      store,
      model: silentModel(),
      runner: plainRunner(),
      report: () => undefined,
      now: () => new Date(0),
    };
    const settings = { prices: listPrices, imageModels: [] };
    await expect(Array.fromAsync(advance({ stage: "synthesize", task }, ports, settings))).rejects.toThrow(
      "features.model: image tasks are not set up here.",
    );
  });
});
