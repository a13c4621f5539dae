import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onnxModels } from "../../lib/adapters/onnx/image-text-models.ts";
import { keys } from "../../lib/contracts/keys.ts";
import type { Message } from "../../lib/contracts/messages.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { Receipt } from "../../lib/contracts/receipt.ts";
import { drive } from "../../lib/local/drive.ts";
import { advance } from "../../lib/pipeline.ts";
import type { ObjectStore, Ports } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { memoryStore } from "../support/memory-store.ts";
import { plainPicture, zipOf } from "../support/pictures.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { silentModel, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";
import { writeTinyModel } from "../support/tiny-onnx.ts";

/** Where the tiny model lies; whoever imports this takes it away. */
export const modelsFolder = mkdtempSync(join(tmpdir(), "alchemist-models-"));
writeTinyModel(join(modelsFolder, "tiny"));
export const images = onnxModels(modelsFolder, 1);

export const file = FileName.parse("things.zip");
export const name = FileName.parse("things");

const COLOURS = ["red", "green", "blue"] as const;

/** Pictures of many shades, by turns red, green and blue. Programs vote on red and blue ones. */
export const shades = await Promise.all(
  Array.from({ length: 240 }, async (_, index) => {
    const shade = { r: index % 80, g: index % 80, b: index % 80, [["r", "g", "b"][index % 3]]: 250 };
    return { name: `${COLOURS[index % 3]}/${index}.png`, content: await plainPicture(shade) };
  }),
);

export const broken = { name: "red/broken.png", content: shades[0].content.subarray(0, 60) };

const votes = (description: string, answer: string) =>
  `function label(row) { return row.scores.colour["${description}"] > 0.5 ? "${answer}" : null; }`;

/** A store with a task over pictures, which asks for an end model, and perhaps its gold. */
export function pictureStore(
  pictures: readonly { name: string; content: Uint8Array }[],
  { gold, ...more }: { gold?: string; [field: string]: unknown } = {},
): ObjectStore {
  const colour = ["a red thing", "a green thing", "a blue thing"];
  return memoryStore({
    [keys.taskFile(task, "task.json")]: taskText({
      modality: "image",
      classes: ["red", "blue"],
      features: { model: "tiny", concepts: { colour } },
      input: { id: "picture", label: "folder" },
      synthesis: { programs: 0 },
      endModel: "linear",
      ...(gold !== undefined && { gold: ["choose"] }),
      ...more,
    }),
    [keys.data(task, file)]: zipOf(pictures),
    [`${keys.ownProgramsOf(task)}red.js`]: votes("a red thing", "red"),
    [`${keys.ownProgramsOf(task)}blue.js`]: votes("a blue thing", "blue"),
    ...(gold !== undefined && { [keys.gold(task, "gold.csv")]: gold }),
  });
}

/** Runs what was dropped to its end. @returns what failed, and how many pictures were looked at */
export async function runPictures(
  store: ObjectStore,
  onMessage: (message: Message) => void = () => undefined,
  twice = false,
) {
  let embedded = 0;
  const ports: Ports = {
    store,
    model: silentModel(),
    runner: plainRunner(),
    images,
    report: (one) => {
      if (one.stage === "features") embedded += one.embedded;
    },
    now: () => new Date(0),
  };
  const settings = { prices: listPrices, modelCard: images.card };
  const failures = await drive(
    [{ stage: "synthesize", task }],
    async function* (message) {
      onMessage(message);
      for await (const next of advance(message, ports, settings)) {
        yield next;
        if (twice) yield next;
      }
    },
    twice ? 4 : 1,
  );
  return { failures, embedded };
}

export const textAt = async (store: ObjectStore, key: string) =>
  Buffer.from(await store.get(key)).toString("utf8");

/** The receipt of a run, and of each picture its name, label and source. */
export async function publishedPictures(store: ObjectStore) {
  const receipt = Receipt.parse(JSON.parse(await textAt(store, keys.receipt(task, name))));
  const lines = (await textAt(store, `${keys.partsOf(task, name)}00000.jsonl`)).trim().split("\n");
  const rows = lines.map((line) => {
    const { picture, pseudolabel } = JSON.parse(line);
    return { picture: picture as string, label: pseudolabel.label, source: pseudolabel.source };
  });
  return { receipt, rows };
}
