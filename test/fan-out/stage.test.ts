import { beforeEach, describe, expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { type Message, SHARDS_A_MESSAGE } from "../../lib/contracts/messages.ts";
import { FileName } from "../../lib/contracts/names.ts";
import type { FanOutSettings } from "../../lib/fan-out/planned-run.ts";
import { fanOut } from "../../lib/fan-out/stage.ts";
import { drive } from "../../lib/local/drive.ts";
import { advance } from "../../lib/pipeline.ts";
import type { ObjectStore, Ports } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { nameOfLabels } from "../../lib/tables/table-format.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { setOf, silentModel, run as synthesizeIn, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

const file = FileName.parse("mails.csv");
const long = "see you ".repeat(10_000);
/** Shards end after 4 Mi characters: about 53 of these rows. */
const csv = (rows: number, text = long) =>
  ["id,text", ...Array.from({ length: rows }, (_, row) => `${row},free ${text}`)].join("\n");

let store: ObjectStore;

beforeEach(async () => {
  store = memoryStore({
    [keys.taskFile(task, "task.json")]: taskText({ synthesis: { programs: 1 }, verify: { rows: 0 } }),
    [keys.data(task, file)]: csv(3, "hello"),
  });
  await synthesizeIn(store);
});

const fanOutOf = (settings: FanOutSettings = {}, from = store, name = file) =>
  Array.fromAsync(
    fanOut({ stage: "fan-out", task, file: name }, { store: from, report: () => undefined }, settings),
  );

/** Runs messages to their end. */
async function runAll(seeds: Message[]) {
  const ports: Ports = {
    store,
    model: silentModel(),
    runner: plainRunner(),
    report: () => undefined,
    now: () => new Date(0),
  };
  const failures = await drive(seeds, (message) => advance(message, ports, { prices: listPrices }), 1);
  expect(failures).toEqual([]);
}

describe("fan-out", () => {
  it("names at most SHARDS_A_MESSAGE shards in a message, in their order", async () => {
    await store.put(keys.data(task, file), csv(53 * (SHARDS_A_MESSAGE + 1) + 1));
    const messages = await fanOutOf();
    expect(messages.map((one) => one.stage === "label" && [one.batch, one.hashes.length])).toEqual([
      [0, SHARDS_A_MESSAGE],
      [1, 2],
    ]);
  });

  it("asks for somebody to look after the run where it is told to", async () => {
    const messages = await fanOutOf({ watch: true });
    expect(messages.at(-1)).toMatchObject({ stage: "watch", task, marks: 0, looks: 0 });
  });

  it("labels again only what is not labeled yet, and goes on where all of it is", async () => {
    await store.put(keys.data(task, file), csv(53 * (SHARDS_A_MESSAGE + 1) + 1));
    const [first, second] = await fanOutOf();
    await runAll([second]);
    expect(await fanOutOf()).toEqual([first]);
    const ports = { store, runner: plainRunner(), report: () => undefined };
    const { labelShards } = await import("../../lib/label/stage.ts");
    const next = await Array.fromAsync(labelShards(first as Parameters<typeof labelShards>[0], ports));
    expect(next).toEqual([{ stage: "aggregate", task, run: (first as { run: string }).run, group: 0 }]);
    expect(await fanOutOf()).toEqual(next);
  });

  it("does nothing where labels are published, and publishes anew what was taken away", async () => {
    await runAll([{ stage: "fan-out", task, file }]);
    const before = await textsOf(store);
    expect(await fanOutOf()).toEqual([]);
    const part = Object.keys(before).find((key) => key.includes("/part-")) ?? "";
    await store.delete(part);
    await runAll([{ stage: "fan-out", task, file }]);
    const ready = async () => Object.keys(await textsOf(store, `work/${task}/ready/`));
    expect((await textsOf(store))[part]).toEqual(before[part]);
    expect(await ready()).toHaveLength(2);
    expect(await fanOutOf()).toEqual([]);
  });

  it.each([keys.receipt, keys.report])(
    "publishes anew where only what stands beside the labels was taken away",
    async (keyOf) => {
      await runAll([{ stage: "fan-out", task, file }]);
      const key = keyOf(task, nameOfLabels(file));
      const before = await textsOf(store);
      await store.delete(key);
      await runAll([{ stage: "fan-out", task, file }]);
      expect((await textsOf(store))[key]).toBe(before[key]);
      expect(await fanOutOf()).toEqual([]);
    },
  );

  it("has the columns of a record task looked for when its first data comes", async () => {
    const record = memoryStore({
      [keys.taskFile(task, "task.json")]: taskText({ modality: "record" }),
      [keys.data(task, file)]: csv(1, "x"),
    });
    expect(await fanOutOf({}, record)).toEqual([{ stage: "synthesize", task }]);
  });

  it("waits for the task where there is none, or none that can be read", async () => {
    const empty = memoryStore({ [keys.data(task, file)]: csv(1, "x") });
    expect(await fanOutOf({}, empty)).toEqual([]);
    await empty.put(keys.taskFile(task, "task.json"), "{");
    expect(await fanOutOf({}, empty)).toEqual([]);
  });

  it("starts programs whose prompts wait for rows of data", async () => {
    const waiting = memoryStore({
      [keys.taskFile(task, "task.json")]: taskText({ synthesis: { examples: 3 } }),
      [keys.data(task, file)]: csv(1, "x"),
    });
    expect(await fanOutOf({}, waiting)).toEqual([{ stage: "synthesize", task }]);
  });

  it("does nothing for a file that is gone", async () => {
    await store.delete(keys.data(task, file));
    expect(await fanOutOf()).toEqual([]);
  });

  it("refuses two files whose labels would be called the same", async () => {
    await store.put(keys.data(task, FileName.parse("mails.jsonl.gz")), "");
    await store.put(keys.data(task, FileName.parse("mails.notes.csv")), "");
    await expect(fanOutOf()).rejects.toThrow(
      'data/mails.csv: mails.jsonl.gz would be labeled as "mails" too. Rename one of them',
    );
  });

  it("refuses more programs of somebody's own than the label model takes, before a row is labeled", async () => {
    const set = await setOf(store);
    const { set: hash } = JSON.parse(new TextDecoder().decode(await store.get(keys.currentSet(task))));
    const programs = new Array(2_049).fill(set.programs[0]);
    const crowded = memoryStore({
      ...(await textsOf(store)),
      [keys.programSet(task, hash)]: JSON.stringify({ ...set, programs }),
      [keys.taskFile(task, "task.json")]: taskText({ labelModel: "snorkel" }),
    });
    await expect(fanOutOf({}, crowded)).rejects.toThrow(
      'labelModel: "snorkel" compares all pairs of votes, of 4,096 programs × classes at most; here are 2049 × 2. Take auto, or fewer programs.',
    );
  });

  it("refuses a file that is too large for one function", async () => {
    await expect(fanOutOf({ mostBytes: 10 })).rejects.toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("Split it into several files"),
    });
  });

  it("starts again with the file that it became while it was read", async () => {
    await store.put(keys.data(task, file), csv(90));
    let overwritten = false;
    const changing: ObjectStore = {
      ...store,
      async put(key, body) {
        await store.put(key, body);
        if (!overwritten && key.includes("/shards/")) {
          overwritten = true;
          await store.put(keys.data(task, file), csv(2, "new"));
        }
      },
      read: (key, range, version) => slowly(store, key, range, version),
    };
    await runAll((await fanOutOf({}, changing)) as Message[]);
    const texts = await textsOf(store, keys.labelsOf(task, FileName.parse("mails")));
    const parts = Object.entries(texts).filter(([key]) => key.includes("/part-"));
    expect(parts).toHaveLength(1);
    expect(parts[0][1].trim().split("\n")).toHaveLength(3);
    expect(parts[0][1]).toContain("free new");
  });

  it("lets the latest word stand when it looked at a file that was overwritten meanwhile", async () => {
    let looked = 0;
    const racing: ObjectStore = {
      ...store,
      async head(key) {
        const head = await store.head(key);
        // Another fan-out comes and goes between this look and what follows from it.
        if (key === keys.data(task, file) && ++looked === 1) {
          await store.put(key, csv(1, "newer"));
          await runAll([{ stage: "fan-out", task, file }]);
        }
        return head;
      },
    };
    await runAll((await fanOutOf({}, racing)) as Message[]);
    expect(await fanOutOf()).toEqual([]);
    const texts = await textsOf(store, keys.partsOf(task, FileName.parse("mails")));
    expect(Object.values(texts).join()).toContain("newer");
  });
});

/** In pieces, each looked for anew: what is read last is of the last version. */
async function* slowly(...[from, key, range, version]: [ObjectStore, ...Parameters<ObjectStore["read"]>]) {
  const { size = 0 } = (await from.head(key)) ?? {};
  for (let start = range?.start ?? 0; start < (range?.end ?? size); start += 2 ** 20) {
    yield* from.read(key, { start, end: Math.min(start + 2 ** 20, range?.end ?? size) }, version);
  }
}
