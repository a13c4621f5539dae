import { diceOf } from "./dice.ts";
import { announcedTooEarly, complaintsOf } from "./judge.ts";
import type { Scenario } from "./scenarios.ts";
import { NoRestError, play, watchAll } from "./schedule.ts";
import { openWorld, type World } from "./world.ts";

/** What a schedule came to. */
export interface Outcome {
  complaints: string[];
  /** What happened, a line each. */
  trace: string[];
}

/** One schedule of a scenario, from its seed alone. `spoil` puts a bug into the world before it begins. */
export async function playSeed(
  scenario: Scenario,
  seed: number,
  spoil: (world: World) => void = () => undefined,
): Promise<Outcome> {
  const dice = diceOf(seed);
  const story = await scenario.tell(dice);
  const world = openWorld();
  world.give(story.given);
  spoil(world);
  const complaints = new Set<string>();
  const onQuiet = () => {
    if (!story.isSettled) return;
    for (const complaint of announcedTooEarly(world)) complaints.add(complaint);
  };
  try {
    await play(world, story.steps, dice, onQuiet);
    await watchAll(world);
  } catch (error) {
    if (!(error instanceof NoRestError)) throw error;
    complaints.add(error.message);
  }
  for (const complaint of await complaintsOf(world, story)) complaints.add(complaint);
  return { complaints: [...complaints], trace: world.trace };
}
