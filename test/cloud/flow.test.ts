import { gzipSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { labelsIn, localOutbox, textTask, without } from "./task-files.ts";
import { testCloud } from "./test-cloud.ts";

const cloud = await testCloud();

afterAll(() => cloud.close());
afterEach(() => expect(cloud.deadLetters.splice(0)).toEqual([]));

/** Drops files, waits, and compares the labels with those of one machine. */
async function expectLabels(task: string, files: ReturnType<typeof textTask>, ready: number) {
  await cloud.quiet();
  const labels = labelsIn(await cloud.outbox(task));
  expect(Object.keys(labels).length).toBeGreaterThan(1);
  expect(labels).toEqual(labelsIn(await localOutbox(task, files)));
  expect(await cloud.readyKeys(task)).toHaveLength(ready);
}

describe("a task and its data become labels", () => {
  it("of text", async () => {
    const files = textTask("text");
    await cloud.dropInOrder("text", files);
    await expectLabels("text", files, 1);
    const outbox = await cloud.outbox("text");
    expect(Object.keys(outbox)).toEqual(
      [
        "labels/mails/_SUCCESS",
        "labels/mails/card.md",
        "labels/mails/part-00000.csv",
        "labels/mails/receipt.json",
        "labels/mails/rejected.jsonl",
        "labels/mails/report.html",
        "programs/free.js",
        "programs/free.json",
        "programs/registry.json",
        "programs/see.js",
        "programs/see.json",
        "programs/win.js",
        "programs/win.json",
      ].map((name) => `outbox/text/${name}`),
    );
    expect(outbox["outbox/text/labels/mails/part-00000.csv"]).toContain("1,free money,spam,spam,");
  });

  it.each([
    { name: "gzipped", file: "data/mails.jsonl.gz", pack: gzipSync },
    { name: "of an upper-case ending", file: "data/mails.CSV", pack: undefined },
  ])("of text, $name", async ({ file, pack }) => {
    const task = pack ? "zipped" : "upper";
    const csv = String(textTask(task)["data/mails.csv"]);
    const content = pack ? pack('{"id":1,"text":"free money"}\n{"id":2,"text":"see you"}\n') : csv;
    const files = { ...without(textTask(task), "data/mails.csv"), [file]: content };
    await cloud.dropInOrder(task, files);
    await expectLabels(task, files, 1);
  });

  it("of more rows than a shard holds", async () => {
    const rows = Array.from(
      { length: 45_000 },
      (_, row) => `${row},${["free", "see you", "-"][row % 3]}${row % 7}`,
    );
    const files = textTask("shards", { "data/mails.csv": `id,text\n${rows.join("\n")}\n` });
    await cloud.dropInOrder("shards", files);
    await expectLabels("shards", files, 1);
    expect(Object.keys(await cloud.outbox("shards")).filter((key) => key.includes("part-"))).toHaveLength(3);
  });

  it("of text that came before its task, and before its programs", async () => {
    const files = textTask("early");
    await cloud.drop("early", { "data/mails.csv": files["data/mails.csv"] });
    await cloud.quiet();
    expect(await cloud.outbox("early")).toEqual({});
    await cloud.drop("early", { "task.yaml": files["task.yaml"] });
    await cloud.quiet();
    expect(JSON.parse((await cloud.outbox("early"))["outbox/early/_FAILED.json"])).toMatchObject({
      retried: false,
    });
    await cloud.drop("early", without(files, "task.yaml", "data/mails.csv"));
    await cloud.quiet();
    await expectLabels("early", files, (await cloud.readyKeys("early")).length);
    expect(Object.keys(await cloud.outbox("early"))).not.toContain("outbox/early/_FAILED.json");
  });
});

describe("a task of records becomes labels", () => {
  const program = "function label(row) { return row.weight > 4 ? 'big' : row.wing < 10 ? 'small' : null; }";
  const recordTask = (name: string, input: string) => ({
    "programs/size.js": program,
    "programs/wing.js": "function label(row) { return row.wing > 20 ? 'big' : null; }",
    "task.yaml": `name: ${name}
description: Decide whether a bird is big.
modality: record
classes: { big: heavy birds, small: the others }
input: ${input}
synthesis: { programs: 0 }
`,
    "data/birds.csv": "id,weight,wing,species\n1,5,30,a\n2,1,8,b\n3,2,15,c\n4,,25,d\n",
  });
  const NAMED = "{ id: id, columns: { weight: in kilograms, wing: in centimeters } }";
  const UNNAMED = "{ id: id }";

  it.each([
    { name: "whose columns are named", input: NAMED, dataFirst: false },
    { name: "whose columns are its data's, the task first", input: UNNAMED, dataFirst: false },
    { name: "whose columns are its data's, the data first", input: UNNAMED, dataFirst: true },
  ])("$name", async ({ input, dataFirst }) => {
    const task = `records-${input === NAMED}-${dataFirst}`;
    const files = recordTask(task, input);
    const data = { "data/birds.csv": files["data/birds.csv"] };
    const rest = without(files, "data/birds.csv");
    await cloud.drop(task, dataFirst ? data : rest);
    await cloud.quiet();
    await cloud.drop(task, dataFirst ? rest : data);
    await expectLabels(task, files, 1);
    expect(Object.keys(await cloud.outbox(task))).not.toContain(`outbox/${task}/_FAILED.json`);
  });
});

describe("two drops at once", () => {
  it("of two files are labeled beside one another", async () => {
    const files = textTask("beside", {
      "data/more.jsonl": '{"id":1,"text":"you win"}\n{"id":2,"text":"see you"}\n',
    });
    const names = ["data/mails.csv", "data/more.jsonl"];
    await cloud.drop("beside", without(files, ...names));
    await Promise.all(names.map((name) => cloud.put(`inbox/beside/${name}`, files[name])));
    await expectLabels("beside", files, 2);
  });

  it("of one file twice are labeled and announced once", async () => {
    const files = textTask("twice");
    await cloud.drop("twice", without(files, "data/mails.csv"));
    await cloud.quiet();
    const put = () => cloud.put("inbox/twice/data/mails.csv", files["data/mails.csv"]);
    await Promise.all([put(), put(), put()]);
    await expectLabels("twice", files, 1);
  });

  it("of two tasks do not know of one another", async () => {
    const tasks = ["left", "right"].map((name) => ({ name, files: textTask(name) }));
    await Promise.all(tasks.map(({ name, files }) => cloud.drop(name, files)));
    await cloud.quiet();
    for (const { name, files } of tasks) {
      await expectLabels(name, files, (await cloud.readyKeys(name)).length);
    }
  });

  it("of everything in any order end in the labels of all of it", async () => {
    const files = textTask("order");
    await Promise.all(
      Object.entries(files)
        .toReversed()
        .map(([name, body]) => cloud.put(`inbox/order/${name}`, body)),
    );
    await cloud.quiet();
    await expectLabels("order", files, (await cloud.readyKeys("order")).length);
  });
});
