import { keys } from "../../lib/contracts/keys.ts";
import type { Dice } from "./dice.ts";
import {
  dataKey,
  endModelTaskFile,
  nameOf,
  programKey,
  programs,
  rowsOf,
  shardsOf,
  splitSmall,
  task,
  taskFile,
  taskKey,
} from "./drops.ts";
import type { Step } from "./schedule.ts";
import type { World } from "./world.ts";

/** What a user does, and what is to be true of it at the end. */
export interface Story {
  steps: Step[];
  /** Objects that are there before it begins. */
  given: Record<string, Uint8Array>;
  /** Whether the task's programs change, so that a run's name tells of those before. */
  withPast: boolean;
  /** How often one run may be announced: once, and once more where its labels are taken away. */
  mostEditions: number;
  /** Whether no other run is under way when one takes over: then what is announced is whole at that moment. */
  isSettled: boolean;
}

export interface Scenario {
  name: string;
  /** Schedules of it that are played. */
  schedules: number;
  tell(dice: Dice): Promise<Story>;
}

/** A story of one run, unless `more` says otherwise; `small` files are split before it begins. */
async function story(
  steps: Step[],
  small: Record<string, Uint8Array[]>,
  more: Partial<Story> = {},
): Promise<Story> {
  const parts = Object.entries(small).flatMap(([name, contents]) =>
    contents.map((one) => splitSmall(name, one)),
  );
  const given = Object.assign({}, ...(await Promise.all(parts)));
  return { steps, given, withPast: false, mostEditions: 1, isSettled: true, ...more };
}

const drops = (key: string, body: string | Uint8Array, more: Partial<Step> = {}): Step => ({
  what: `drops ${key.replace(/^inbox\/[^/]*\//, "")}`,
  act: (world) => world.drop(key, body),
  ...more,
});
const dropsData = (content: string | Uint8Array, more: Partial<Step> = {}, name = "mails") =>
  drops(dataKey(name), content, more);
const dropsTask = () => drops(taskKey, taskFile);
const asksForEndModel = (more: Partial<Step> = {}) =>
  drops(taskKey, endModelTaskFile, { what: "asks for an end model", ...more });
/** Programs of both classes, so that there is something to learn. */
const writesBoth = () => [writes("A"), drops(programKey("other"), programs.B)];
const writes = (version: keyof typeof programs, more: Partial<Step> = {}) =>
  drops(programKey("mine"), programs[version], { what: `writes ${version} as mine.js`, ...more });
const writesTask = [writes("A"), dropsTask()];
const quietly = { whenQuiet: true };

const shuffled = <T>(items: readonly T[], dice: Dice): T[] => {
  const left = [...items];
  return items.map(() => left.splice(dice.below(left.length), 1)[0]);
};

/** Takes the labels of a file away, and drops it once more. */
const takesLabels = (content: Uint8Array, more: Partial<Step>): Step => ({
  what: "takes the labels away and drops the data again",
  act: (world) => {
    for (const key of world.bucket.keys(keys.labelsOf(task, nameOf("mails")))) world.take(key);
    world.drop(dataKey("mails"), content);
  },
  ...more,
});

const looksWhole = ({ bucket }: World) => bucket.find(keys.success(task, nameOf("mails"))) !== undefined;
const isBegun = ({ bucket }: World) => bucket.keys(keys.partsOf(task, nameOf("mails"))).length > 0;

/** At any time, or not before labels are written, or whole. */
const sometime = (dice: Dice): Partial<Step> => dice.pick([{}, { when: isBegun }, { when: looksWhole }]);

export const scenarios: Scenario[] = [
  {
    name: "task and data dropped together, labeled while the file is read",
    schedules: 2,
    tell: (dice) => {
      const data = dropsData(shardsOf(6));
      return story(dice.chance(0.5) ? [...writesTask, data] : [data, ...writesTask], {});
    },
  },
  {
    name: "task and data dropped together",
    schedules: 40,
    tell: (dice) => {
      const content = rowsOf(2 * dice.pick([1, 7, 23]));
      const data = dropsData(content);
      return story(dice.chance(0.5) ? [...writesTask, data] : [data, ...writesTask], { mails: [content] });
    },
  },
  {
    name: "a program edited while the run is under way",
    schedules: 40,
    tell: (dice) => {
      const content = rowsOf(2 * dice.pick([7, 13]));
      const again = dice.chance(0.5) ? [dropsData(content)] : [];
      const steps = [...writesTask, dropsData(content), writes("B", sometime(dice)), ...again];
      return story(steps, { mails: [content] }, { withPast: true, isSettled: false });
    },
  },
  {
    name: "the data overwritten while it is read",
    schedules: 2,
    tell: (dice) => {
      const [first, last] = shuffled([6, 2], dice);
      const steps = [shardsOf(first), shardsOf(last, 100)].map((one) => dropsData(one));
      return story([...writesTask, ...steps], {}, { isSettled: false });
    },
  },
  {
    name: "the data overwritten while it is labeled",
    schedules: 60,
    tell: (dice) => {
      const contents = shuffled([2, 12, 24], dice)
        .slice(1)
        .map((shards, version) => rowsOf(2 * shards, 100 * version));
      const steps = [...writesTask, dropsData(contents[0]), dropsData(contents[1], sometime(dice))];
      return story(steps, { mails: contents }, { isSettled: false });
    },
  },
  {
    name: "the data overwritten and brought back after labels were published",
    schedules: 24,
    tell: (dice) => {
      const contents = shuffled([7, 13], dice).map((shards, version) => rowsOf(2 * shards, 100 * version));
      const isSettled = dice.chance(0.5);
      const back = dropsData(contents[0], isSettled ? quietly : sometime(dice));
      const steps = [...writesTask, dropsData(contents[0]), dropsData(contents[1], quietly), back];
      return story(steps, { mails: contents }, { mostEditions: 2, isSettled });
    },
  },
  {
    name: "a file that cannot be used, overwritten with one that can",
    schedules: 20,
    tell: () => {
      const content = rowsOf(12);
      const bad = '{"id":1,"subject":"no text"}\n';
      return story([...writesTask, dropsData(bad), dropsData(content)], { mails: [content] });
    },
  },
  {
    name: "a program edited and reverted after labels were published",
    schedules: 24,
    tell: (dice) => {
      const content = rowsOf(2 * 13);
      const isSettled = dice.chance(0.5);
      const back = writes("A", isSettled ? quietly : sometime(dice));
      const steps = [...writesTask, dropsData(content), writes("B", quietly), dropsData(content), back];
      return story([...steps, dropsData(content)], { mails: [content] }, { withPast: true, isSettled });
    },
  },
  {
    name: "labels taken away, and the data dropped again",
    schedules: 40,
    tell: (dice) => {
      const content = rowsOf(2 * 13);
      const isSettled = dice.chance(0.5);
      const taken = takesLabels(content, isSettled ? quietly : { when: looksWhole });
      const steps = [...writesTask, dropsData(content), taken];
      return story(steps, { mails: [content] }, { mostEditions: 2, isSettled });
    },
  },
  {
    name: "half of all that was sent comes once more after a week",
    schedules: 16,
    tell: (dice) => {
      const content = rowsOf(2 * 13);
      const act = ({ queues }: World) => {
        for (const { stage, content: old, group } of shuffled(queues.sent, dice)) {
          if (dice.chance(0.5)) queues.send(stage, old, group);
        }
      };
      const steps = [...writesTask, dropsData(content), { what: "lets a week pass", whenQuiet: true, act }];
      return story(steps, { mails: [content] });
    },
  },
  {
    name: "a task with an end model and its data, dropped together",
    schedules: 12,
    tell: (dice) => {
      const content = rowsOf(2 * dice.pick([13, 24]));
      const steps = shuffled([...writesBoth(), asksForEndModel(), dropsData(content)], dice);
      return story(steps, { mails: [content] }, { withPast: true });
    },
  },
  {
    name: "an end model asked for, and perhaps not wanted any more, while labels are made",
    schedules: 12,
    tell: (dice) => {
      const content = rowsOf(2 * dice.pick([13, 24]));
      const data = () => dropsData(content);
      const back = dice.chance(0.5) ? [drops(taskKey, taskFile, sometime(dice)), data()] : [];
      const steps = [...writesBoth(), dropsTask(), data(), asksForEndModel(sometime(dice)), data(), ...back];
      return story(steps, { mails: [content] }, { withPast: true, mostEditions: 2, isSettled: false });
    },
  },
  {
    name: "two data files, and their task twice",
    schedules: 24,
    tell: (dice) => {
      const [mails, posts] = [rowsOf(24), rowsOf(14, 500)];
      const drop = [dropsData(mails), dropsData(posts, {}, "posts"), dropsTask(), dropsTask()];
      return story([writes("A"), ...shuffled(drop, dice)], { mails: [mails], posts: [posts] });
    },
  },
];
