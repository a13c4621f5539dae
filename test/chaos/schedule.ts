import type { Dice } from "./dice.ts";
import type { Point, Process } from "./gate.ts";
import { type Queued, shown } from "./queues.ts";
import type { World } from "./world.ts";

/** Something the user does. */
export interface Step {
  what: string;
  /** Only when nothing is left to do for what was dropped before. */
  whenQuiet?: boolean;
  /** Otherwise at any time from when this is true. */
  when?: (world: World) => boolean;
  act(world: World): void;
}

/** How rough a schedule is: shares of one, and counts. */
export interface Roughness {
  /** Of requests: the process dies before it, or after it had its effect. */
  kill: number;
  /** Of requests: S3 or SQS answers 503, or answers so although it did what was asked. */
  throttle: number;
  /** Of messages: queued twice, or given once more although they were done. */
  duplicate: number;
  /** Of requests: stand still while everything else goes on, for hundreds of steps or until nothing else is left to do. */
  stall: number;
  /** Of requests: the answer stands still too, after the effect. */
  lateAnswer: number;
  /** Functions at work at once. */
  concurrency: number;
  /** Messages that one process works on at once: one in Lambda, several in `alchemist dev`. */
  together: number;
  /** Messages that a function sends at once: ten in Lambda, one on one machine. */
  sentAtOnce: number;
}

/** A message is harmed so often at most, or its queue would put it aside and be right. */
const MOST_HARMS = 3;
const MOST_STEPS = 200_000;
/** Steps that a request stands still at most, where it does not wait for the end. */
const LONG = 1_000;

/** The schedule did not come to its end, or left a run for its watch to find. */
export class NoRestError extends Error {}

/** Draws how rough a schedule is: from almost quiet to hardly moving. */
export const roughnessOf = (dice: Dice): Roughness => ({
  kill: dice.pick([0, 0.002, 0.01, 0.03]),
  throttle: dice.pick([0, 0.005, 0.02, 0.05]),
  duplicate: dice.pick([0, 0.1, 0.3]),
  stall: dice.pick([0, 0.002, 0.01, 0.03]),
  lateAnswer: dice.pick([0, 0.1]),
  concurrency: dice.pick([1, 3, 8, 20]),
  together: dice.pick([1, 1, 3]),
  sentAtOnce: dice.pick([1, 3, 10]),
});

/** Where it hurts most to stand still: before what others go by is written, or taken away. */
const DECISIVE =
  /^(put|create) .*(\/wanted\/|\/ready\/|_SUCCESS|_FAILED|programs\.json|source\.json)|^delete /;

const weightOf = ({ text, isWrite }: Point): number => (DECISIVE.test(text) ? 10 : isWrite ? 2 : 1);

/** What the schedule does next, of what could be done. */
type Next = { user: Step } | { deliver: Queued } | { request: Point } | "end";

/**
 * Plays a schedule to its end: until every message was delivered and done, and the user did all steps.
 *
 * @param onQuiet called when nothing is left to do, before the user goes on and at the end
 */
export async function play(
  world: World,
  steps: readonly Step[],
  dice: Dice,
  onQuiet: () => void,
  rough = roughnessOf(dice),
): Promise<void> {
  const { queues, points, processes } = world;
  const actsOften = dice.pick([0.01, 0.05, 0.5]);
  const todo = [...steps];
  const stalled = new Map<Point, number>();
  const seen = new WeakSet<Point>();
  world.log(`rough: ${JSON.stringify(rough)}`);
  world.sentAtOnce = rough.sentAtOnce;
  queues.isSentTwice = ({ group }) => group === undefined && dice.chance(rough.duplicate);
  queues.isGivenAgain = (message) => dice.chance(rough.duplicate) && harm([message]);

  const harm = (messages: Iterable<Queued>): boolean => {
    const all = [...messages];
    if (all.some(({ harms }) => harms >= MOST_HARMS)) return false;
    for (const message of all) message.harms += 1;
    return true;
  };
  const receiver = ({ stage }: Queued): Process | undefined => {
    const free = [...processes].filter((one) => one.stage === stage && one.messages.size < rough.together);
    if (free.length === 0) return undefined;
    const chosen = dice.pick(free);
    if (dice.chance(0.7)) return chosen;
    // Lambda retires processes as it likes, and what they remember with them.
    if (chosen.messages.size === 0) processes.delete(chosen);
    return undefined;
  };

  const letThrough = (point: Point): void => {
    const { process, isWrite } = point;
    const spoil = (share: number) => dice.chance(share) && harm(process.messages);
    // Who stood still for long is the likeliest to be dead.
    const kill = stalled.delete(point) ? 20 * rough.kill : rough.kill;
    if (spoil(kill)) world.kill(process, isWrite && dice.chance(0.6) ? point : undefined);
    else if (spoil(rough.throttle)) {
      world.refuse(point, isWrite ? dice.pick(["before", "after", "between"]) : "before");
    } else point.go(dice.chance(rough.lateAnswer));
  };

  const nextOf = (step: number): Next => {
    const ready = points.filter((point) => (stalled.get(point) ?? 0) <= step);
    const working = new Set(ready.map(({ process }) => process)).size;
    const waiting = queues.waiting();
    const urgent = waiting.filter(({ stage }) => stage !== "watch");
    const isQuiet = points.length === 0 && urgent.length === 0;
    if (isQuiet) onQuiet();
    const [user] = todo;
    const mayAct = user && (user.whenQuiet ? isQuiet : (user.when?.(world) ?? true));
    if (mayAct && (isQuiet || dice.chance(actsOften))) return { user };
    if (user && isQuiet)
      throw new NoRestError(`Nothing is left to do, and the user still waits: ${user.what}`);
    const isFree = urgent.length > 0 && working < rough.concurrency;
    if (isFree && (ready.length === 0 || dice.chance(0.2))) {
      // Each queue has its own functions: a full one does not hold up the others.
      const { stage } = dice.pick(onePerStage(dice.chance(0.02) ? waiting : urgent));
      return { deliver: dice.pick(waiting.filter((message) => message.stage === stage)) };
    }
    if (ready.length > 0) return { request: dice.pick(ready) };
    if (points.length === 0) return "end";
    return mayAct && dice.chance(0.8) ? { user } : { request: dice.pick(points) };
  };

  for (let step = 0; ; step++) {
    await world.settled();
    if (step > MOST_STEPS) throw new NoRestError(`It did not come to rest in ${MOST_STEPS} steps`);
    for (const point of points) {
      if (seen.has(point)) continue;
      seen.add(point);
      if (!dice.chance(rough.stall * weightOf(point))) continue;
      stalled.set(point, dice.chance(0.5) ? Number.POSITIVE_INFINITY : step + dice.below(LONG));
    }
    const next = nextOf(step);
    if (next === "end") return;
    if ("request" in next) letThrough(next.request);
    else if ("deliver" in next) world.deliver(next.deliver, receiver(next.deliver));
    else {
      todo.shift();
      world.log(`the user ${next.user.what}`);
      next.user.act(world);
    }
  }
}

const onePerStage = (messages: readonly Queued[]): Queued[] => [
  ...new Map(messages.map((message) => [message.stage, message])).values(),
];

/** The message that is nearest to the outbox. */
const foremost = (messages: readonly Queued[]): Queued | undefined =>
  STAGES.flatMap((stage) => messages.find((message) => message.stage === stage) ?? [])[0];

const STAGES: Queued["stage"][] = [
  "publish",
  "verify",
  "train",
  "aggregate",
  "label",
  "fan-out",
  "synthesize",
  "intake",
];

/** One thing at a time to its end, and nothing goes wrong; some may stand still. */
export async function calm(world: World, except: readonly Process[] = []): Promise<void> {
  for (;;) {
    await world.settled();
    const point = world.points.find(({ process }) => !except.includes(process));
    const message = point ? undefined : foremost(world.queues.waiting());
    if (point) point.go();
    else if (message) world.deliver(message, idle(world, message));
    else return;
  }
}

/** A process that has nothing to do, and remembers what it has read. */
const idle = ({ processes }: World, { stage }: Queued): Process | undefined =>
  [...processes].find((process) => process.stage === stage && process.messages.size === 0);

/** Looks after every run once, as its watch does a quarter of an hour later; what then still stands will stand for ever. */
export async function watchAll(world: World): Promise<void> {
  const { queues, points } = world;
  queues.isSentTwice = () => false;
  queues.isGivenAgain = () => false;
  for (const message of queues.waiting()) {
    world.deliver(message);
    for (await world.settled(); points.length > 0; await world.settled()) points[0].go();
  }
  const [standing] = queues.waiting();
  if (standing) throw new NoRestError(`A run stands still: ${shown(standing)}`);
}
