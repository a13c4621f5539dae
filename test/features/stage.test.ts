import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { onnxModels } from "../../lib/adapters/onnx/image-text-models.ts";
import { unpackColumns } from "../../lib/contracts/columns.ts";
import type { Concepts } from "../../lib/contracts/concepts.ts";
import { packEmbeddings, unpackEmbeddings, unpackScores } from "../../lib/contracts/features.ts";
import { hashOf, hashOfJson } from "../../lib/contracts/hash.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName } from "../../lib/contracts/names.ts";
import type { ImageTextModels, ObjectStore, Ports, Progress } from "../../lib/ports.ts";
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
const models = onnxModels(root, 1);

const task = taskOf().name;
const file = FileName.parse("things.zip");
const labels = FileName.parse("things");

const conceptsOf = (descriptions: string[]): Concepts => {
  const concepts = [{ name: "colour", descriptions }];
  return { hash: hashOfJson(concepts), concepts, origin: { kind: "task" } };
};
const COLOURS = conceptsOf(["a red thing", "a green thing", "a blue thing"]);

const program = (description: string, answer: string) =>
  `function label(row) { return row.scores && row.scores.colour["${description}"] > 0.5 ? "${answer}" : null; }`;

/** Pictures of 90 shades, by turns red, green and blue. */
const pictures = await Promise.all(
  Array.from({ length: 90 }, async (_, index) => {
    const shade = { r: index, g: index, b: index, [["r", "g", "b"][index % 3]]: 250 };
    return {
      name: `${["red", "green", "blue"][index % 3]}/${index}.png`,
      content: await plainPicture(shade),
    };
  }),
);

const taskFileOf = ({ concepts: [{ name: concept, descriptions }] }: Concepts): string =>
  taskText({
    modality: "image",
    classes: ["warm", "cold"],
    features: { model: "tiny", concepts: { [concept]: descriptions } },
    input: { id: "picture", label: "folder" },
    synthesis: { programs: 0 },
  });

function storeOf(files: { name: string; content: Uint8Array }[] = pictures) {
  return memoryStore({
    [keys.taskFile(task, "task.json")]: taskFileOf(COLOURS),
    [keys.data(task, file)]: zipOf(files),
    [`${keys.ownProgramsOf(task)}red.js`]: program("a red thing", "warm"),
    [`${keys.ownProgramsOf(task)}blue.js`]: program("a blue thing", "cold"),
  });
}

/** Models that count how many pictures they look at, and what they read. */
function counting() {
  const counts = { pictures: 0, texts: 0, batches: 0 };
  const images: ImageTextModels = {
    card: models.card,
    open: async (name) => {
      const model = await models.open(name);
      return {
        ...model,
        embedTexts: (texts) => {
          counts.texts += texts.length;
          return model.embedTexts(texts);
        },
        embedPictures: (decoded) => {
          counts.pictures += decoded.length;
          counts.batches += 1;
          return model.embedPictures(decoded);
        },
      };
    },
  };
  return { counts, images };
}

async function run(
  store: ObjectStore,
  { images = models, twice = false }: { images?: ImageTextModels; twice?: boolean } = {},
) {
  const reports: Progress[] = [];
  const ports: Ports = {
    store,
    model: silentModel(),
    runner: plainRunner(),
    images,
    report: (one) => reports.push(one),
    now: () => new Date(0),
  };
  const settings = { prices: listPrices, modelCard: images.card };
  const failures = await driveTask(task, ports, settings, twice);
  return { failures, reports };
}

const linesIn = async (store: ObjectStore, key: string) =>
  (await textsOf(store))[key]
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
const partKey = `${keys.partsOf(task, labels)}00000.jsonl`;
const featuresOf = async (store: ObjectStore) => {
  const hashes: Record<string, string> = {};
  for await (const { key } of store.list(`work/${task}/features/`))
    hashes[key] = hashOf(await store.get(key));
  return hashes;
};

describe("an image task", () => {
  it("labels pictures by what programs see of their scores", async () => {
    const store = storeOf();
    const { failures } = await run(store);
    expect(failures).toEqual([]);
    const rows = await linesIn(store, partKey);
    expect(
      rows.slice(0, 3).map(({ picture, folder, pseudolabel }) => [picture, folder, pseudolabel.label]),
    ).toEqual([
      ["red/0.png", "red", "warm"],
      ["green/1.png", "green", null],
      ["blue/2.png", "blue", "cold"],
    ]);
    expect(rows).toHaveLength(90);
    const receipt = JSON.parse((await textsOf(store))[keys.receipt(task, labels)]);
    expect(receipt.features).toEqual({
      model: { name: "tiny", kind: "unknown", hash: expect.any(String), logitScale: 100 },
      concepts: COLOURS.hash,
    });
  });

  it("shows each picture of the report's rows as the model saw it, with its scores; one that cannot be read has none", async () => {
    const evil = '"><img src=x onerror=alert(1)>.png';
    const store = storeOf([
      { name: "broken.png", content: pictures[0].content.subarray(0, 60) },
      { name: evil, content: await plainPicture({ r: 250, g: 3, b: 3 }) },
      ...pictures.slice(0, 40),
    ]);
    const { failures } = await run(store);
    expect(failures).toEqual([]);
    const page = (await textsOf(store))[keys.report(task, labels)];
    const articles = page.match(/<article>.*?<\/article>/gs) ?? [];
    const red = articles.find((article) => article.includes("&quot;&gt;&lt;img src=x")) ?? "";
    expect(red).toContain("<dt><bdi>colour</bdi></dt><dd><bdi>a red thing</bdi>");
    const [, base64 = ""] = /src="data:image\/jpeg;base64,([^"]+)"/.exec(red) ?? [];
    const { dominant } = await sharp(Buffer.from(base64, "base64")).stats();
    expect(dominant.r).toBeGreaterThan(200);
    expect(dominant.g).toBeLessThan(40);
    const broken = articles.find((article) => article.includes("broken.png")) ?? "none";
    expect(broken).not.toMatch(/none|<img/);
    expect(articles.length - 1).toBe(page.match(/<img /g)?.length);
  });

  it("writes a report without pictures where they were looked at before thumbnails were kept", async () => {
    const store = storeOf(pictures.slice(0, 3));
    await run(store);
    for (const key of Object.keys(await featuresOf(store)).filter((one) => one.includes("/pictures/"))) {
      const { thumbnails: _, ...older } = unpackEmbeddings(await store.get(key));
      await store.put(key, packEmbeddings(older));
    }
    await store.delete(keys.report(task, labels));
    const { failures } = await run(store);
    expect(failures).toEqual([]);
    const page = (await textsOf(store))[keys.report(task, labels)];
    expect(page).toContain("a red thing");
    expect(page).not.toContain("<img");
  });

  it("writes scores that are a softmax within each concept, with the model's name and kind", async () => {
    const store = storeOf(pictures.slice(0, 2));
    await run(store);
    const [key] = Object.keys(await featuresOf(store)).filter((one) => one.includes("/scores/"));
    const { columns, ...header } = unpackScores(await store.get(key));
    expect(header).toEqual({ model: { name: "tiny", kind: "unknown" }, rows: 2, unreadable: [] });
    const [column] = unpackColumns(columns).columns;
    const rows = (column.values as string[]).map((text) => JSON.parse(text));
    for (const { colour } of rows) {
      expect(Object.keys(colour)).toEqual(COLOURS.concepts[0].descriptions);
      const sum = Object.values<number>(colour).reduce((total, score) => total + score, 0);
      expect(sum).toBeCloseTo(1, 5);
    }
  });

  it("leaves the same bytes when every message comes twice and at once", async () => {
    const [quiet, busy] = [storeOf(), storeOf()];
    await run(quiet);
    const { failures } = await run(busy, { twice: true });
    expect(failures).toEqual([]);
    expect(await featuresOf(busy)).toEqual(await featuresOf(quiet));
    expect((await textsOf(busy))[partKey]).toBe((await textsOf(quiet))[partKey]);
  });

  it("looks at no picture again for another list of concepts", async () => {
    const store = storeOf();
    await run(store);
    const { counts, images } = counting();
    const others = conceptsOf(["a red thing", "a blue thing"]);
    await store.put(keys.taskFile(task, "task.json"), taskFileOf(others));
    const { failures } = await run(store, { images });
    expect([failures, counts]).toEqual([[], { pictures: 0, texts: 2, batches: 0 }]);
    expect((await linesIn(store, partKey)).map(({ pseudolabel }) => pseudolabel.label).slice(0, 1)).toEqual([
      "warm",
    ]);
  });

  it("loses nothing where it is killed between batches, and looks at no stored picture again", async () => {
    const store = storeOf();
    const first = counting();
    const dying: ImageTextModels = {
      card: first.images.card,
      open: async (name) => {
        const model = await first.images.open(name);
        return {
          ...model,
          embedPictures: (decoded) => {
            if (first.counts.batches >= 3) throw new Error("killed");
            return model.embedPictures(decoded);
          },
        };
      },
    };
    const { failures } = await run(store, { images: dying });
    expect(failures.map(({ message }) => message.stage)).toEqual(["features"]);
    const again = counting();
    expect((await run(store, { images: again.images })).failures).toEqual([]);
    expect(first.counts.pictures + again.counts.pictures).toBe(90);
    expect(again.counts.texts).toBe(0);
    const whole = storeOf();
    await run(whole);
    expect(await featuresOf(store)).toEqual(await featuresOf(whole));
  });

  it("looks only at the batch of a picture that is put in front of all others", async () => {
    const store = storeOf();
    await run(store);
    const { counts, images } = counting();
    const added = { name: "added.png", content: await plainPicture("#fa0102") };
    await store.put(keys.data(task, file), zipOf([added, ...pictures]));
    await run(store, { images });
    expect([counts.batches <= 2, counts.pictures < 64]).toEqual([true, true]);
  });

  it("lists pictures that cannot be decoded, and has programs abstain on them", async () => {
    const broken = { name: "red/broken.png", content: pictures[0].content.subarray(0, 60) };
    const text = { name: "notes.jpg", content: Buffer.from("hello") };
    const store = storeOf([broken, text, ...pictures.slice(0, 2)]);
    const { failures } = await run(store);
    expect(failures).toEqual([]);
    const rows = await linesIn(store, partKey);
    expect(rows.map(({ picture, pseudolabel }) => [picture, pseudolabel.label])).toEqual([
      ["red/broken.png", null],
      ["red/0.png", "warm"],
      ["green/1.png", null],
    ]);
    const rejected = await linesIn(store, keys.rejectedRows(task, labels));
    expect(rejected.map(({ line, reason, excerpt }) => [line, reason, excerpt])).toEqual([
      [2, "no-picture", "notes.jpg"],
      [1, "unreadable", "red/broken.png"],
    ]);
    const receipt = JSON.parse((await textsOf(store))[keys.receipt(task, labels)]);
    expect(receipt.data).toMatchObject({
      rows: 2,
      rejected: { "no-picture": { rows: 1, lines: [2] }, unreadable: { rows: 1, lines: [1] } },
    });
    expect(receipt.programs.map(({ faults }: { faults: object }) => faults)).toEqual(
      Array(2).fill({ error: 0, badReturn: 0, timeout: 0, killed: 0, compile: 0 }),
    );
  });

  it("labels nothing, and fails nothing, where no picture can be decoded", async () => {
    const store = storeOf([{ name: "a.png", content: pictures[0].content.subarray(0, 60) }]);
    const { failures } = await run(store);
    expect(failures).toEqual([]);
    expect((await linesIn(store, partKey)).map(({ pseudolabel }) => pseudolabel.label)).toEqual([null]);
  });

  it("labels a folder of pictures when its mark is there", async () => {
    const store = storeOf();
    await store.delete(keys.data(task, file));
    for (const { name, content } of pictures.slice(0, 3))
      await store.put(`${keys.dataOf(task)}things/${name}`, content);
    expect((await run(store)).reports.filter(({ stage }) => stage === "publish")).toEqual([]);
    await store.put(`${keys.dataOf(task)}things/_SUCCESS`, "");
    await run(store);
    expect((await linesIn(store, partKey)).map(({ picture }) => picture)).toEqual([
      "blue/2.png",
      "green/1.png",
      "red/0.png",
    ]);
  });

  it("labels the rows of a table that names pictures", async () => {
    const store = storeOf();
    await store.delete(keys.data(task, file));
    for (const { name, content } of pictures.slice(0, 3))
      await store.put(`${keys.dataOf(task)}all/${name}`, content);
    const rows = pictures.slice(0, 3).map(({ name }, index) => `all/${name},${index}`);
    await store.put(
      `${keys.dataOf(task)}things.csv`,
      `picture,folder\n${rows.join("\n")}\nall/nowhere.png,9\n`,
    );
    expect((await run(store)).failures).toEqual([]);
    const part = (await textsOf(store))[`${keys.partsOf(task, labels)}00000.csv`];
    expect(
      part
        .split("\n")
        .slice(0, 3)
        .map((line) => line.split(",").slice(0, 3)),
    ).toEqual([
      ["picture", "folder", "pseudolabel"],
      ["all/red/0.png", "0", "warm"],
      ["all/green/1.png", "1", ""],
    ]);
    expect((await linesIn(store, keys.rejectedRows(task, labels))).map(({ reason }) => reason)).toEqual([
      "missing",
    ]);
  });
});
