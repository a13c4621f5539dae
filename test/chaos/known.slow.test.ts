import { expect, it } from "vitest";
import { SHARDS_A_MESSAGE } from "../../lib/contracts/messages.ts";
import { calmUntil, ending, readyWorld, stopAt, waitingFor, workUntil } from "./by-hand.ts";
import { dataKey, shardsOf } from "./drops.ts";

/** As `alchemist dev` and `alchemist run` have it: a process works on two messages, and each is sent at once. */
it("finishes a run whose last batches are labeled by one process while its file is being split", async () => {
  const story = await readyWorld();
  const { world } = story;
  world.sentAtOnce = 1;
  world.drop(dataKey("mails"), shardsOf(SHARDS_A_MESSAGE + 1));
  await calmUntil(world, "fan-out");
  const split = await stopAt(world, "fan-out", /^put .*source\.json/);
  const early = await stopAt(world, "label", /^find .*source\.json/, 0);
  early.go(true); // There is none yet; the answer takes its time.
  await world.settled();
  const process = world.deliver(waitingFor(world, "label", 1), early.process);
  await world.settled();
  const answer = world.points.find(({ text }) => text.startsWith("answer"));
  for (;;) {
    const point = world.points.find((each) => each.process === process && each !== answer);
    if (!point || /^put .*\/labeled\//.test(point.text)) break;
    point.go();
    await world.settled();
  }
  split.go();
  await workUntil(world, split.process, /^send .* watch/);
  expect(await ending(story)).toEqual([]);
});
