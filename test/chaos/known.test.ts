import { expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { calmUntil, deliverOne, ending, meanwhile, readyWorld, sendAgain, stopAt } from "./by-hand.ts";
import { dataKey, nameOf, programKey, programs, rowsOf, task, taskFile, taskKey } from "./drops.ts";
import { calm } from "./schedule.ts";
import type { World } from "./world.ts";

/** The shortest schedules that are known to hurt, each as a user would tell it. Files of one, two and three batches. */
const [one, two, three] = [rowsOf(4, 100), rowsOf(14), rowsOf(28, 200)];
const BAD = '{"id":1,"subject":"no text"}\n';

const mails = (...contents: Uint8Array[]) =>
  readyWorld(...contents.map((content): [string, Uint8Array] => ["mails", content]));
const dropMails = (world: World, content: Uint8Array | string) => world.drop(dataKey("mails"), content);

it("keeps _SUCCESS when a finisher that was told twice wakes up late and dies", async () => {
  const story = await mails(two);
  const { world } = story;
  dropMails(world, two);
  await calmUntil(world, "aggregate");
  sendAgain(world, "aggregate");
  const late = await stopAt(world, "aggregate", /^delete .*_SUCCESS|^send .* verify/);
  await meanwhile(world, late);
  world.kill(late.process, late);
  expect(await ending(story)).toEqual([]);
});

it("keeps _SUCCESS when an earlier run's finisher wakes up late and dies", async () => {
  const story = await mails(two, one, three);
  const { world } = story;
  dropMails(world, two);
  await calm(world);
  dropMails(world, one);
  await calmUntil(world, "aggregate");
  const late = await stopAt(world, "aggregate", /^delete .*_SUCCESS|^send .* verify/);
  dropMails(world, three);
  await meanwhile(world, late);
  world.kill(late.process, late);
  expect(await ending(story)).toEqual([]);
});

it("keeps all parts when an earlier run of fewer finishes late", async () => {
  const story = await mails(one, three);
  const { world } = story;
  dropMails(world, one);
  await calmUntil(world, "publish");
  const late = await stopAt(world, "publish", /^list outbox\/.*labels/);
  dropMails(world, three);
  await meanwhile(world, late);
  expect(await ending(story)).toEqual([]);
});

it("says nothing of an earlier run that finishes after a later one", async () => {
  const story = await mails(one, two);
  const { world } = story;
  dropMails(world, one);
  await calmUntil(world, "publish");
  const late = await stopAt(world, "publish", /^put .*card\.md/);
  dropMails(world, two);
  await meanwhile(world, late);
  expect(await ending(story)).toEqual([]);
  const [first, ...more] = world.announced;
  expect(more).toEqual([]);
  expect(first.parts.size).toBe(7);
});

it("publishes every part when labels are taken away before they were announced", async () => {
  const story = await mails(three);
  const { world } = story;
  dropMails(world, three);
  await calmUntil(world, "publish");
  await deliverOne(world, "publish", 0);
  await deliverOne(world, "publish", 1);
  const dead = await stopAt(world, "publish", /^create .*\/ready\//, 2);
  world.kill(dead.process);
  for (const key of world.bucket.keys(keys.labelsOf(task, nameOf("mails")))) world.take(key);
  dropMails(world, three);
  await calmUntil(world, "aggregate", "publish");
  await deliverOne(world, "publish", 2);
  expect(await ending(story, { mostEditions: 2 })).toEqual([]);
});

it("shows the programs in force when an edit dies half-way and is reverted", async () => {
  const story = await mails(two);
  const { world } = story;
  dropMails(world, two);
  await calm(world);
  world.drop(programKey("mine"), programs.B);
  await calmUntil(world, "synthesize");
  const dead = await stopAt(world, "synthesize", /^list outbox/);
  world.kill(dead.process);
  world.drop(programKey("mine"), programs.A);
  expect(await ending(story, { withPast: true })).toEqual([]);
});

it("announces a run once when a message that looked at the file before it was overwritten comes last", async () => {
  const story = await mails(one, two);
  const { world } = story;
  dropMails(world, one);
  await calmUntil(world, "fan-out");
  const late = await stopAt(world, "fan-out", /^(put|create) .*\/wanted\//);
  dropMails(world, two);
  await meanwhile(world, late);
  expect(await ending(story)).toEqual([]);
});

it("announces a run once when its data is told of again while it is published", async () => {
  const story = await mails(two);
  const { world } = story;
  dropMails(world, two);
  await calmUntil(world, "publish");
  sendAgain(world, "fan-out");
  const late = await stopAt(world, "fan-out", /^head .*\/ready\//);
  await meanwhile(world, late);
  expect(await ending(story)).toEqual([]);
});

it("announces a run once when an earlier run's finisher has just overwritten its _SUCCESS", async () => {
  const story = await mails(one, two);
  const { world } = story;
  dropMails(world, one);
  await calmUntil(world, "publish");
  const late = await stopAt(world, "publish", /^(put|create) .*_SUCCESS/);
  dropMails(world, two);
  await meanwhile(world, late);
  late.go();
  await world.settled();
  sendAgain(world, "fan-out");
  await meanwhile(world, late);
  expect(await ending(story)).toEqual([]);
});

it("takes a refusal back when a good file came meanwhile", async () => {
  const story = await mails(two);
  const { world } = story;
  dropMails(world, BAD);
  await calmUntil(world, "fan-out");
  const late = await stopAt(world, "fan-out", /^put .*_FAILED\.json/);
  dropMails(world, two);
  await meanwhile(world, late);
  expect(await ending(story)).toEqual([]);
});

it("watches no run whose file was refused", async () => {
  const story = await mails();
  dropMails(story.world, BAD);
  expect(await ending(story)).toEqual([]);
});

it("publishes to the end while the task file is broken", async () => {
  const story = await mails(two);
  const { world } = story;
  dropMails(world, two);
  await calmUntil(world, "publish");
  world.drop(taskKey, "{ no task");
  await calm(world);
  world.drop(taskKey, taskFile);
  expect(await ending(story)).toEqual([]);
});

it("tells of a program that was added and cannot join", async () => {
  const story = await mails(two);
  const { world } = story;
  dropMails(world, two);
  await calm(world);
  world.drop(programKey("bad"), "function label(row) {");
  expect(await ending(story, { withPast: true })).toEqual([]);
});

it("describes a task as it is now", async () => {
  const own = (description: string) =>
    taskFile.replace('"programs":1', '"programs":0').replace("is spam", description);
  const story = await mails(two);
  const { world } = story;
  world.drop(taskKey, own("is spam"));
  dropMails(world, two);
  await calm(world);
  world.drop(taskKey, own("is unwanted"));
  expect(await ending(story, { withPast: true })).toEqual([]);
});
