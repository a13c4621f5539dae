import { afterAll, afterEach, describe, expect, it } from "vitest";
import { finds, labelsIn, localOutbox, taskYaml, textTask, without } from "./task-files.ts";
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

describe("labels follow what changes, and only that is done again", () => {
  /** A labeled task, and where the log then stood. */
  async function labeled(task: string) {
    const files = textTask(task);
    await cloud.dropInOrder(task, files);
    expect(cloud.votes(task)).toEqual({ computed: 15, reused: 0 });
    return { files, from: cloud.logged.length };
  }

  it("when the label model changes: no vote", async () => {
    const { files, from } = await labeled("model");
    const changed = { "task.yaml": taskYaml("model", "labelModel: majority\n") };
    await cloud.drop("model", changed);
    await expectLabels("model", { ...files, ...changed }, 2);
    expect(cloud.votes("model", from)).toEqual({ computed: 0, reused: 15 });
  });

  it("when gold comes and then its use is allowed, or gold is another: no vote", async () => {
    const { files, from } = await labeled("gold");
    const before = labelsIn(await cloud.outbox("gold"));
    const allowed = {
      "gold.csv": "id,label\n1,ham\n4,ham\n5,ham\n",
      "task.yaml": taskYaml("gold", "gold: [calibrate]\n"),
    };
    await cloud.drop("gold", allowed);
    await expectLabels("gold", { ...files, ...allowed }, 2);
    expect(labelsIn(await cloud.outbox("gold"))).not.toEqual(before);
    const other = { ...allowed, "gold.csv": "id,label\n1,spam\n2,ham\n" };
    await cloud.drop("gold", { "gold.csv": other["gold.csv"] });
    await expectLabels("gold", { ...files, ...other }, 3);
    expect(cloud.votes("gold", from).computed).toBe(0);
  });

  it("when the classes change: every vote", async () => {
    const { files, from } = await labeled("classes");
    const changed = {
      "task.yaml": taskYaml("classes").replace("ham: wanted", "ham: wanted, other: neither"),
    };
    await cloud.drop("classes", changed);
    await expectLabels("classes", { ...files, ...changed }, 2);
    expect(cloud.votes("classes", from)).toEqual({ computed: 15, reused: 0 });
    const part = (await cloud.outbox("classes"))["outbox/classes/labels/mails/part-00000.csv"];
    expect(part).toContain("pseudolabel_p_other");
  });

  it("when a program is edited: its column", async () => {
    const { files, from } = await labeled("edited");
    const changed = { "programs/win.js": finds("???", "ham") };
    await cloud.drop("edited", changed);
    await expectLabels("edited", { ...files, ...changed }, 2);
    expect(cloud.votes("edited", from)).toEqual({ computed: 5, reused: 10 });
  });

  it("when a program is deleted: no vote", async () => {
    const { files, from } = await labeled("deleted");
    await cloud.remove("inbox/deleted/programs/win.js");
    await expectLabels("deleted", without(files, "programs/win.js"), 2);
    expect(cloud.votes("deleted", from)).toEqual({ computed: 0, reused: 10 });
    expect(Object.keys(await cloud.outbox("deleted"))).not.toContain("outbox/deleted/programs/win.js");
  });

  it("when rows are overwritten: the last ones win", async () => {
    const { files } = await labeled("rows");
    const changed = { "data/mails.csv": "id,text\n7,you win\n" };
    await cloud.drop("rows", changed);
    await expectLabels("rows", { ...files, ...changed }, 2);
  });

  it("when labels are taken away: they are published once more, without a vote", async () => {
    const { files, from } = await labeled("taken");
    await cloud.remove("outbox/taken/labels/mails/part-00000.csv");
    await cloud.drop("taken", { "data/mails.csv": files["data/mails.csv"] });
    await expectLabels("taken", files, 2);
    expect(cloud.votes("taken", from).computed).toBe(0);
  });
});
