import { beforeEach, expect, it } from "vitest";
import { hashOf } from "../../lib/contracts/hash.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { BatchIndex, FileName } from "../../lib/contracts/names.ts";
import { jsonBytes } from "../../lib/contracts/objects.ts";
import type { ObjectStore, Progress } from "../../lib/ports.ts";
import { watchRun } from "../../lib/watch/stage.ts";
import { memoryStore } from "../support/memory-store.ts";
import { runOf } from "../support/runs.ts";
import { taskOf } from "../support/tasks.ts";

const task = taskOf().name;
const name = FileName.parse("mails");
const run = hashOf("run");
let store: ObjectStore;

beforeEach(async () => {
  store = memoryStore();
  await store.put(keys.run(task, run), jsonBytes(runOf()));
  await store.put(keys.wanted(task, name), jsonBytes({ run, edition: 1 }));
});

async function look(marks: number, looks = 0) {
  const reports: Progress[] = [];
  const report = (progress: Progress) => reports.push(progress);
  const messages = await Array.fromAsync(
    watchRun({ stage: "watch", task, run, marks, looks }, { store, report }),
  );
  return { messages, reports };
}

it("looks again while a run moves", async () => {
  await store.put(keys.labeled(task, run, BatchIndex.parse(0)), "");
  expect(await look(1, 3)).toEqual({
    messages: [{ stage: "watch", task, run, marks: 2, looks: 4 }],
    reports: [{ stage: "watch", marks: 2, standsStill: false }],
  });
});

it("says that a run stands still, and goes on looking", async () => {
  const { messages } = await look(0);
  expect(await look(1)).toEqual({
    messages,
    reports: [{ stage: "watch", marks: 1, standsStill: true }],
  });
});

it.each([
  ["its labels are ready", () => store.create(keys.ready(task, name, run, 1), "{}")],
  [
    "another run took its place",
    () => store.put(keys.wanted(task, name), jsonBytes({ run: hashOf("b"), edition: 2 })),
  ],
])("stops when %s", async (_why, happen) => {
  await happen();
  expect(await look(1)).toEqual({ messages: [], reports: [] });
});

it("stops after a week", async () => {
  expect((await look(1, 7 * 24 * 4)).messages).toEqual([]);
});
