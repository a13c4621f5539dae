import { describe, expect, it } from "vitest";
import { playSeed } from "./play-seed.ts";
import { scenarios } from "./scenarios.ts";

/** CHAOS_SEED=7 npx vitest run test/chaos -t "labels taken away" plays one schedule alone and tells what happened. */
const ALONE = process.env.CHAOS_SEED;
/** Of a schedule that failed among others. */
const LAST_LINES = 60;

describe.each(scenarios)("$name", (scenario) => {
  const seeds = ALONE ? [Number(ALONE)] : Array.from({ length: scenario.schedules }, (_, index) => index + 1);

  it(`leaves what a quiet run leaves (${seeds.length} schedules)`, { timeout: 240_000 }, async () => {
    for (const seed of seeds) {
      const { complaints, trace } = await playSeed(scenario, seed);
      if (complaints.length === 0) continue;
      const shown = ALONE ? trace : ["…", ...trace.slice(-LAST_LINES)];
      expect.fail([`CHAOS_SEED=${seed}`, ...complaints, "", ...shown].join("\n"));
    }
  });
});

it("are two hundred and more", () => {
  expect(scenarios.reduce((sum, { schedules }) => sum + schedules, 0)).toBeGreaterThan(200);
});

it("are the same whenever they are played", async () => {
  const [, scenario] = scenarios;
  const [first, second] = [await playSeed(scenario, 5), await playSeed(scenario, 5)];
  expect(first.trace.length).toBeGreaterThan(100);
  expect(second.trace).toEqual(first.trace);
});
