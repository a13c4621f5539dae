import { describe, expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { FanOutData, type Message, type TrainEndModel } from "../../lib/contracts/messages.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { drive } from "../../lib/local/drive.ts";
import { advance } from "../../lib/pipeline.ts";
import type { Ports } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { trainEndModel } from "../../lib/train/stage.ts";
import { topicTexts } from "../end-model/texts.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { silentModel, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

const name = FileName.parse("mails");
const file = FileName.parse("mails.csv");
const rows = topicTexts(200).map(({ text }, row) => `${row},${text}`);
const finds = (word: string, answer: string) =>
  `function label(row) { return row.text.includes("${word}") ? "${answer}" : null; }`;

/** A run to its end, and the messages that it was made of. */
async function runWith(endModel: string) {
  const store = memoryStore({
    [keys.taskFile(task, "task.json")]: taskText({ synthesis: { programs: 0 }, endModel }),
    [`${keys.ownProgramsOf(task)}win.js`]: finds("win", "spam"),
    [`${keys.ownProgramsOf(task)}lunch.js`]: finds("lunch", "ham"),
    [keys.data(task, file)]: ["id,text", ...rows].join("\n"),
  });
  const ports: Ports = {
    store,
    model: silentModel(),
    runner: plainRunner(),
    report: () => undefined,
    now: () => new Date(0),
  };
  const messages: Message[] = [];
  const step = (message: Message) => {
    messages.push(message);
    return advance(message, ports, { prices: listPrices });
  };
  const seeds = [{ stage: "synthesize", task } as const, FanOutData.parse({ stage: "fan-out", task, file })];
  for (const seed of seeds) expect(await drive([seed], step, 1)).toEqual([]);
  return { store, ports, messages };
}

describe("train", () => {
  it("is one message of a run that asks for an end model, between aggregate and publish", async () => {
    const { messages } = await runWith("linear");
    const stages = messages.map(({ stage }) => stage).filter((stage) => stage !== "fan-out");
    expect(stages).toEqual(["synthesize", "label", "aggregate", "train", "publish"]);
  });

  it("is no part of a run that asks for none, which knows nothing of it", async () => {
    const { store, messages } = await runWith("none");
    expect(messages.some(({ stage }) => stage === "train")).toBe(false);
    const texts = await textsOf(store, "");
    expect(Object.keys(texts).filter((key) => /trained|end-model/.test(key))).toEqual([]);
    const run = Object.entries(texts).find(([key]) => key.endsWith("/run.json"))?.[1];
    expect(run).not.toContain("endModel");
  });

  it("gives the same bytes whenever it runs, trains once, and does nothing for labels that are ready", async () => {
    const { store, ports, messages } = await runWith("linear");
    const message = messages.find((one): one is TrainEndModel => one.stage === "train") as TrainEndModel;
    expect(await Array.fromAsync(trainEndModel(message, ports))).toEqual([]);

    const key = keys.endModel(task, message.run);
    const model = Buffer.from(await store.get(key));
    await store.delete(keys.success(task, name));
    await store.delete(key);
    expect(await Array.fromAsync(trainEndModel(message, ports))).toMatchObject([
      { stage: "publish", batch: 0 },
    ]);
    expect(await store.find(key)).toBeUndefined();

    await store.delete(keys.trained(task, message.run));
    await Array.fromAsync(trainEndModel(message, ports));
    expect(Buffer.from(await store.get(key))).toEqual(model);
  });

  it("does nothing for a run that another took the place of", async () => {
    const { store, ports, messages } = await runWith("linear");
    const message = messages.find((one): one is TrainEndModel => one.stage === "train") as TrainEndModel;
    const other = JSON.stringify({ run: "0".repeat(32), edition: 2 });
    await store.put(keys.wanted(task, name), other);
    await store.delete(keys.trained(task, message.run));
    expect(await Array.fromAsync(trainEndModel(message, ports))).toEqual([]);
    expect(await store.head(keys.trained(task, message.run))).toBeUndefined();
  });
});
